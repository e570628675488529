package org.attention4j.core.reference;

import org.attention4j.core.tensor.Shape;

/** A value of a float dtype. */
final class Doubles extends Array {
    final double[] data;

    Doubles(Shape shape) {
        this(shape, new double[count(shape)]);
    }

    Doubles(Shape shape, double[] data) {
        super(shape);
        this.data = data;
    }

    @Override
    Doubles zeros(Shape newShape) {
        return new Doubles(newShape);
    }

    @Override
    Doubles reshape(Shape newShape) {
        requireSize(newShape);
        return new Doubles(newShape, data);
    }

    @Override
    Doubles take(int[] offsets, Shape newShape) {
        Doubles out = new Doubles(newShape);
        for (int i = 0; i < offsets.length; i++) {
            out.data[i] = data[offsets[i]];
        }
        return out;
    }

    @Override
    void copy(int from, Array to, int at, int count) {
        System.arraycopy(data, from, ((Doubles) to).data, at, count);
    }

    @Override
    void add(int at, Array other, int from) {
        data[at] += ((Doubles) other).data[from];
    }

    @Override
    int compare(int i, int j) {
        return Double.compare(data[i], data[j]);
    }
}
