package org.attention4j.core.reference;

import org.attention4j.core.tensor.Shape;

/** A value of an integer dtype, or of BOOL with 0 and 1. */
final class Longs extends Array {
    final long[] data;

    Longs(Shape shape) {
        this(shape, new long[count(shape)]);
    }

    Longs(Shape shape, long[] data) {
        super(shape);
        this.data = data;
    }

    @Override
    Longs zeros(Shape newShape) {
        return new Longs(newShape);
    }

    @Override
    Longs reshape(Shape newShape) {
        requireSize(newShape);
        return new Longs(newShape, data);
    }

    @Override
    Longs take(int[] offsets, Shape newShape) {
        Longs out = new Longs(newShape);
        for (int i = 0; i < offsets.length; i++) {
            out.data[i] = data[offsets[i]];
        }
        return out;
    }

    @Override
    void copy(int from, Array to, int at, int count) {
        System.arraycopy(data, from, ((Longs) to).data, at, count);
    }

    @Override
    void add(int at, Array other, int from) {
        data[at] += ((Longs) other).data[from];
    }

    @Override
    int compare(int i, int j) {
        return Long.compare(data[i], data[j]);
    }
}
