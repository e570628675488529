package org.attention4j.core.reference;

import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;

/**
 * A value while a graph runs: dense, row-major. Whoever makes an array may fill it; once it is the value of an op, nobody
 * changes it, so that values, states and reshaped views may share memory.
 */
abstract sealed class Array implements Held permits Doubles, Longs {
    private final Shape shape;

    Array(Shape shape) {
        this.shape = shape;
    }

    /** An array of zeros for values of a plain dtype. */
    static Array zeros(DType dtype, Shape shape) {
        return dtype.isFloat() ? new Doubles(shape) : new Longs(shape);
    }

    @Override
    public final Shape shape() {
        return shape;
    }

    final int size() {
        return count(shape);
    }

    /**
     * The number of elements of an array of this shape.
     *
     * @throws IllegalArgumentException if a Java array can't have so many
     */
    static int count(Shape shape) {
        if (shape.elements() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("%s has %d elements, the reference backend holds at most %d in one value"
                    .formatted(shape, shape.elements(), Integer.MAX_VALUE - 8));
        }
        return (int) shape.elements();
    }

    @Override
    public final Array load() {
        return this;
    }

    /** New zeros of this kind of elements. */
    abstract Array zeros(Shape newShape);

    /** The same memory with another shape of equally many elements. */
    abstract Array reshape(Shape newShape);

    /** A new array of the elements at these offsets. */
    abstract Array take(int[] offsets, Shape newShape);

    /** Copies {@code count} elements from offset {@code from} on to {@code to[at …]}, an array of this kind. */
    abstract void copy(int from, Array to, int at, int count);

    /** Adds element {@code from} of {@code other}, an array of this kind, to element {@code at}. */
    abstract void add(int at, Array other, int from);

    /** Compares elements i and j as numbers; NaN is above all. */
    abstract int compare(int i, int j);

    final void requireSize(Shape newShape) {
        if (newShape.elements() != shape.elements()) {
            throw new IllegalArgumentException("%s can't be reshaped to %s: %d elements, expected %d"
                    .formatted(shape, newShape, shape.elements(), newShape.elements()));
        }
    }
}
