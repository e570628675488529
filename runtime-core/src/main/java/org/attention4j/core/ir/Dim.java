package org.attention4j.core.ir;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/** The size of one dimension: known, named, or made of others. Equal expressions are equal sizes. */
public sealed interface Dim {
    /** A size known when the graph is built. Only intermediate terms of a {@link Sum} may be negative. */
    record Fixed(long size) implements Dim {
        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /** A size that is known when the graph runs, such as {@code seq}. */
    record Symbol(String name) implements Dim {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code left + right}, for example of a concatenation. Made by {@link #plus}. */
    record Sum(Dim left, Dim right) implements Dim {
        @Override
        public String toString() {
            return left + "+" + right;
        }
    }

    /** {@code left · right}, for example of two merged dimensions. Made by {@link #times}. */
    record Product(Dim left, Dim right) implements Dim {
        @Override
        public String toString() {
            return "(" + left + ")*(" + right + ")";
        }
    }

    /** {@code ⌈dividend / divisor⌉}, for example the chunks of a sequence. Made by {@link #dividedBy}. */
    record Quotient(Dim dividend, long divisor) implements Dim {
        @Override
        public String toString() {
            return "⌈(" + dividend + ")/" + divisor + "⌉";
        }
    }

    /** A fixed size. */
    static Dim of(long size) {
        return new Fixed(size);
    }

    /** A named size. */
    static Dim symbol(String name) {
        return new Symbol(name);
    }

    /**
     * This size plus another, in a normal form: terms in alphabetical order, without those that cancel, constants folded into a
     * last term. So {@code 3 + seq}, less 3, is {@code seq}.
     */
    default Dim plus(Dim other) {
        return DimArithmetic.sum(this, other);
    }

    /** This size less another, which may not be greater when the graph runs. */
    default Dim minus(Dim other) {
        return plus(other.times(of(-1)));
    }

    /** This size times another, in a normal form: factors in alphabetical order, constants folded into a last factor. */
    default Dim times(Dim other) {
        return DimArithmetic.product(this, other);
    }

    /**
     * This size divided by a number, rounded up.
     *
     * @param divisor at least 1
     */
    default Dim dividedBy(long divisor) {
        if (divisor < 1) {
            throw new IllegalArgumentException("dim %s divided by %d, expected at least 1".formatted(this, divisor));
        }
        if (this instanceof Fixed(long size)) {
            return of(Math.ceilDiv(size, divisor));
        }
        return divisor == 1 ? this : new Quotient(this, divisor);
    }

    /** True if the size is known. */
    default boolean isFixed() {
        return this instanceof Fixed;
    }

    /**
     * The size when every symbol has the value that {@code symbols} gives.
     *
     * @throws IllegalArgumentException if a symbol has none
     */
    default long evaluate(Map<String, Long> symbols) {
        return switch (this) {
            case Fixed(long size) -> size;
            case Symbol(String name) -> {
                Long value = symbols.get(name);
                if (value == null) {
                    throw new IllegalArgumentException(
                            "dimension %s has no size; known are %s".formatted(name, ImmutableMap.copyOf(symbols)));
                }
                yield value;
            }
            case Sum(Dim left, Dim right) -> Math.addExact(left.evaluate(symbols), right.evaluate(symbols));
            case Product(Dim left, Dim right) -> Math.multiplyExact(left.evaluate(symbols), right.evaluate(symbols));
            case Quotient(Dim dividend, long divisor) -> Math.ceilDiv(dividend.evaluate(symbols), divisor);
        };
    }
}
