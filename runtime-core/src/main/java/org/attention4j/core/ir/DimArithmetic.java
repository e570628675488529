package org.attention4j.core.ir;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Normal forms of sums and products of dims, in which the order of the operands makes no difference. */
final class DimArithmetic {
    private DimArithmetic() {}

    static Dim sum(Dim a, Dim b) {
        List<Dim> terms = new ArrayList<>();
        long constant = Math.addExact(flattenSum(a, terms), flattenSum(b, terms));
        cancel(terms);
        terms.sort(Comparator.comparing(Dim::toString));
        if (constant != 0 || terms.isEmpty()) {
            terms.add(Dim.of(constant));
        }
        return terms.stream().reduce(Dim.Sum::new).orElseThrow();
    }

    /** Removes pairs of a term and its negative. */
    private static void cancel(List<Dim> terms) {
        for (Dim term : List.copyOf(terms)) {
            Dim negative = product(term, Dim.of(-1));
            if (terms.contains(term) && terms.remove(negative)) {
                terms.remove(term);
            }
        }
    }

    /** Adds the terms that are no constants to {@code terms} and returns the sum of the others. */
    private static long flattenSum(Dim dim, List<Dim> terms) {
        return switch (dim) {
            case Dim.Fixed(long size) -> size;
            case Dim.Sum(Dim left, Dim right) -> Math.addExact(flattenSum(left, terms), flattenSum(right, terms));
            case Dim.Symbol s -> {
                terms.add(s);
                yield 0;
            }
            case Dim.Product p -> {
                terms.add(p);
                yield 0;
            }
            case Dim.Quotient q -> {
                terms.add(q);
                yield 0;
            }
        };
    }

    static Dim product(Dim a, Dim b) {
        List<Dim> factors = new ArrayList<>();
        long constant = Math.multiplyExact(flattenProduct(a, factors), flattenProduct(b, factors));
        if (constant == 0) {
            return Dim.of(0);
        }
        factors.sort(Comparator.comparing(Dim::toString));
        if (constant != 1 || factors.isEmpty()) {
            factors.add(Dim.of(constant));
        }
        return factors.stream().reduce(Dim.Product::new).orElseThrow();
    }

    /** Adds the factors that are no constants to {@code factors} and returns the product of the others. */
    private static long flattenProduct(Dim dim, List<Dim> factors) {
        return switch (dim) {
            case Dim.Fixed(long size) -> size;
            case Dim.Product(Dim left, Dim right) ->
                Math.multiplyExact(flattenProduct(left, factors), flattenProduct(right, factors));
            case Dim.Symbol s -> {
                factors.add(s);
                yield 1;
            }
            case Dim.Sum s -> {
                factors.add(s);
                yield 1;
            }
            case Dim.Quotient q -> {
                factors.add(q);
                yield 1;
            }
        };
    }
}
