package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How the elements of a value are computed from memory, one by one. Nodes may be shared, and are compared by identity where that
 * matters. All accesses have the rank of the value.
 */
public sealed interface Expr {
    /** True for a float, false for an integer. */
    boolean isFloat();

    /** The elements of a buffer. */
    record Load(Buffer buffer, Access access) implements Expr {
        @Override
        public boolean isFloat() {
            return buffer.isFloat();
        }
    }

    /** The address itself as an integer. */
    record Address(Access access) implements Expr {
        @Override
        public boolean isFloat() {
            return false;
        }
    }

    /** An integer. */
    record Whole(int value) implements Expr {
        @Override
        public boolean isFloat() {
            return false;
        }
    }

    /**
     * Entries of a buffer's axis at an index that is computed.
     *
     * @param lenient whether an index out of range gives 0; else it fails the run
     */
    record Gathered(Buffer buffer, Access access, int axisStride, int axisSize, boolean lenient, Expr index)
            implements Expr {
        @Override
        public boolean isFloat() {
            return buffer.isFloat();
        }
    }

    /**
     * The product of a row of x, in one piece, with a row of a weight.
     *
     * @param x where the element's row of x begins
     * @param rows what the weight's rows are read from
     * @param column the element's row of the weight: its number, or for floats where it begins
     * @param choice of the expert whose rows these are, if the weight is a stack
     */
    record Product(Buffer buffer, Access x, Buffer rows, Access column, Weight weight, Optional<Choice> choice)
            implements Expr {
        @Override
        public boolean isFloat() {
            return true;
        }
    }

    /** An instruction ({@link org.attention4j.tornado.kernel.Code}). */
    record Apply(int code, boolean isFloat, List<Expr> args) implements Expr {
        public Apply {
            args = ImmutableList.copyOf(args);
        }
    }

    /** An instruction on these. */
    static Expr apply(int code, boolean isFloat, Expr... args) {
        return new Apply(code, isFloat, Arrays.asList(args));
    }

    /** The nodes that this one reads. */
    default List<Expr> children() {
        return switch (this) {
            case Gathered g -> ImmutableList.of(g.index);
            case Apply a -> a.args;
            default -> ImmutableList.of();
        };
    }

    /** All nodes, each once, those that others read first. */
    default ImmutableList<Expr> nodes() {
        ImmutableList.Builder<Expr> nodes = ImmutableList.builder();
        collect(this, Collections.newSetFromMap(new IdentityHashMap<>()), nodes);
        return nodes.build();
    }

    private static void collect(Expr e, Set<Expr> seen, ImmutableList.Builder<Expr> nodes) {
        if (seen.add(e)) {
            e.children().forEach(child -> collect(child, seen, nodes));
            nodes.add(e);
        }
    }

    /** The operands that its nodes need. */
    default int operands() {
        int operands = 0;
        for (Expr e : nodes()) {
            operands += switch (e) {
                case Load l -> 1;
                case Address a -> 1;
                case Whole w -> 0;
                case Gathered g -> 1;
                case Product p -> 2 + p.choice().map(c -> c.loads().size()).orElse(0);
                case Apply a -> 0;
            };
        }
        return operands;
    }

    /** The products in it, each once. */
    default List<Product> products() {
        return nodes().stream()
                .filter(Product.class::isInstance)
                .map(Product.class::cast)
                .toList();
    }

    /** The same with other accesses; empty if {@code change} has none for one of them. */
    default Optional<Expr> change(Function<Access, Optional<Access>> change) {
        return new Change(change).of(this);
    }

    /** The same with other accesses. */
    default Expr map(Function<Access, Access> change) {
        return change(a -> Optional.of(change.apply(a))).orElseThrow();
    }

    /** Visits each buffer that is read, and how. */
    default void loads(Consumer<Load> visitor) {
        for (Expr e : nodes()) {
            switch (e) {
                case Load l -> visitor.accept(l);
                case Gathered g -> visitor.accept(new Load(g.buffer, g.access));
                case Product p -> {
                    visitor.accept(new Load(p.buffer, p.x));
                    visitor.accept(new Load(p.rows, p.column));
                    p.choice.ifPresent(c -> c.loads().forEach(visitor));
                }
                case Address a -> {}
                case Whole w -> {}
                case Apply a -> {}
            }
        }
    }

    /** Whether an element is read from anywhere but its own place. */
    default boolean gathers() {
        return nodes().stream().anyMatch(e -> e instanceof Gathered || e instanceof Product);
    }
}
