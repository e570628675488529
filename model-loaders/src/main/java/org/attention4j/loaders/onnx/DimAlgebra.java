package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Dim;

/** Division and substitution of symbolic sizes. */
public final class DimAlgebra {
    private DimAlgebra() {}

    /** The product of sizes. */
    public static Dim product(List<Dim> dims) {
        return dims.stream().reduce(Dim.of(1), Dim::times);
    }

    /** {@code a / b} if it is a whole number whatever the symbols are; of symbols, those of b are taken not to be 0. */
    public static Optional<Dim> divide(Dim a, Dim b) {
        if (a.equals(b)) {
            return Optional.of(Dim.of(1));
        }
        if (b instanceof Dim.Product(Dim left, Dim right)) {
            return divide(a, left).flatMap(q -> divide(q, right));
        }
        return switch (a) {
            case Dim.Fixed(long x)
            when b instanceof Dim.Fixed(long y) && y != 0 && x % y == 0 -> Optional.of(Dim.of(x / y));
            case Dim.Fixed(long x) when x == 0 -> Optional.of(a);
            case Dim.Product(Dim left, Dim right) ->
                divide(left, b)
                        .map(q -> q.times(right))
                        .or(() -> divide(right, b).map(left::times));
            case Dim.Sum(Dim left, Dim right) ->
                divide(left, b).flatMap(l -> divide(right, b).map(l::plus));
            default -> b instanceof Dim.Fixed(long y) && y == 1 ? Optional.of(a) : Optional.empty();
        };
    }

    /** {@code ⌊a / b⌋}, if it can be expressed. */
    public static Optional<Dim> floorDivide(Dim a, Dim b) {
        Optional<Dim> exact = divide(a, b);
        if (exact.isPresent() || !(b instanceof Dim.Fixed(long divisor)) || divisor < 1) {
            return exact;
        }
        return Optional.of(a.plus(Dim.of(1 - divisor)).dividedBy(divisor));
    }

    /** The size with others in place of some of its symbols. */
    static Dim substitute(Dim dim, Map<String, Dim> by) {
        return switch (dim) {
            case Dim.Fixed f -> f;
            case Dim.Symbol s -> by.getOrDefault(s.name(), s);
            case Dim.Sum(Dim left, Dim right) -> substitute(left, by).plus(substitute(right, by));
            case Dim.Product(Dim left, Dim right) -> substitute(left, by).times(substitute(right, by));
            case Dim.Quotient(Dim dividend, long divisor) ->
                substitute(dividend, by).dividedBy(divisor);
        };
    }

    /** The names of the size's symbols, in order. */
    public static List<String> symbols(Dim dim) {
        List<String> names = new ArrayList<>();
        collect(dim, names);
        return names;
    }

    private static void collect(Dim dim, List<String> names) {
        switch (dim) {
            case Dim.Fixed f -> {}
            case Dim.Symbol(String name) -> names.add(name);
            case Dim.Sum(Dim left, Dim right) -> {
                collect(left, names);
                collect(right, names);
            }
            case Dim.Product(Dim left, Dim right) -> {
                collect(left, names);
                collect(right, names);
            }
            case Dim.Quotient(Dim dividend, long divisor) -> collect(dividend, names);
        }
    }
}
