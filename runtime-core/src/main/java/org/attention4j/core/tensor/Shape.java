package org.attention4j.core.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The concrete sizes of a tensor's dimensions, outermost first. A scalar has rank 0. Immutable. */
public final class Shape {
    private final long[] dims;
    private final long elements;

    private Shape(long[] dims) {
        long n = 1;
        for (long d : dims) {
            if (d < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(dims) + ": dimension " + d + " is negative");
            }
            n = multiply(n, d, dims);
        }
        this.dims = dims;
        this.elements = n;
    }

    private static long multiply(long n, long d, long[] dims) {
        try {
            return Math.multiplyExact(n, d);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape " + Arrays.toString(dims) + ": the element count overflows", e);
        }
    }

    /**
     * A shape of the given dimensions.
     *
     * @throws IllegalArgumentException if one is negative or their product overflows a {@code long}
     */
    public static Shape of(long... dims) {
        return new Shape(dims.clone());
    }

    /** The number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /** The size of dimension {@code axis}; negative axes count from the last (−1). */
    public long dim(int axis) {
        return dims[axis < 0 ? axis + dims.length : axis];
    }

    /** A copy of the dimensions. */
    public long[] dims() {
        return dims.clone();
    }

    /** The number of elements: the product of all dimensions, 1 for a scalar. */
    public long elements() {
        return elements;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** For example {@code [2, 17, 4, 16]}. */
    @Override
    public String toString() {
        return Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
