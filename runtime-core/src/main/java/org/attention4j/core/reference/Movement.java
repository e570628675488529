package org.attention4j.core.reference;

import java.util.Arrays;
import java.util.List;
import org.attention4j.core.tensor.Shape;

/** Primitives that move elements and compute nothing. */
final class Movement {
    private Movement() {}

    /** {@code index} if it is one of a dimension's {@code size} entries. */
    static int requireIndex(long index, int size, int axis) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException(
                    "index %d is out of range for dimension %d of size %d".formatted(index, axis, size));
        }
        return (int) index;
    }

    static Held gather(Held x, Longs indices, int axis, Shape out) {
        return switch (x) {
            case Stored s -> {
                Stored entries = s.gather(indices.data, axis, out);
                yield s.tensor().dtype().isQuantized() ? entries : entries.load();
            }
            case Array a -> gather(a, indices, axis, out);
        };
    }

    private static Array gather(Array x, Longs indices, int axis, Shape out) {
        int[] split = Strides.split(x.shape(), axis);
        int inner = split[2];
        Array result = x.zeros(out);
        int to = 0;
        for (int outer = 0; outer < split[0]; outer++) {
            for (long index : indices.data) {
                int from = outer * split[1] + requireIndex(index, split[1], axis);
                x.copy(from * inner, result, to * inner, inner);
                to++;
            }
        }
        return result;
    }

    static Array gatherElements(Array x, Longs indices, int axis, Shape out) {
        int stride = Strides.of(x.shape())[axis];
        int size = (int) x.shape().dim(axis);
        int[] across = Strides.broadcasting(x.shape(), out);
        across[axis] = 0;
        int[] offsets = Strides.offsets(out, 0, across);
        Longs index = (Longs) Strides.broadcast(indices, out);
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] += requireIndex(index.data[i], size, axis) * stride;
        }
        return x.take(offsets, out);
    }

    static Array scatterAdd(Array x, Longs indices, Array updates, int axis) {
        Shape dims = indices.shape();
        for (int i = 0; i < dims.rank(); i++) {
            if (i != axis && dims.dim(i) > x.shape().dim(i)) {
                throw new IllegalArgumentException(
                        "indices %s reach beyond %s in dimension %d".formatted(dims, x.shape(), i));
            }
        }
        int[] across = Strides.of(x.shape());
        int stride = across[axis];
        across[axis] = 0;
        int[] offsets = Strides.offsets(dims, 0, across);
        Array result = x.zeros(x.shape());
        x.copy(0, result, 0, x.size());
        for (int i = 0; i < offsets.length; i++) {
            int index = requireIndex(indices.data[i], (int) x.shape().dim(axis), axis);
            result.add(offsets[i] + index * stride, updates, i);
        }
        return result;
    }

    /** The entries start, start + step, … of a dimension, as many as {@code out} has there. */
    static Array slice(Array x, int axis, long start, long step, Shape out) {
        long size = x.shape().dim(axis);
        long count = out.dim(axis);
        if (start > size || (count > 0 && start + (count - 1) * step >= size)) {
            throw new IllegalArgumentException("%d entries from %d by %d don't fit into dimension %d of %s"
                    .formatted(count, start, step, axis, x.shape()));
        }
        int[] strides = Strides.of(x.shape());
        int base = count == 0 ? 0 : (int) start * strides[axis];
        strides[axis] *= count > 1 ? (int) step : 1;
        return x.take(Strides.offsets(out, base, strides), out);
    }

    static Array concat(List<Array> parts, int axis, Shape out) {
        Array result = parts.getFirst().zeros(out);
        int[] whole = Strides.split(out, axis);
        int at = 0;
        for (Array part : parts) {
            int run = (int) part.shape().dim(axis) * whole[2];
            for (int outer = 0; outer < whole[0]; outer++) {
                part.copy(outer * run, result, outer * whole[1] * whole[2] + at, run);
            }
            at += run;
        }
        return result;
    }

    static Array transpose(Array x, List<Integer> permutation, Shape out) {
        int[] strides = Strides.of(x.shape());
        int[] permuted = permutation.stream().mapToInt(axis -> strides[axis]).toArray();
        return x.take(Strides.offsets(out, 0, permuted), out);
    }

    static Array pad(Array x, int axis, long before, double value, Shape out) {
        Array result = x.zeros(out);
        switch (result) {
            case Doubles d -> Arrays.fill(d.data, value);
            case Longs l -> Arrays.fill(l.data, (long) value);
        }
        int[] own = Strides.split(x.shape(), axis);
        int run = own[1] * own[2];
        int rowTo = (int) out.dim(axis) * own[2];
        for (int outer = 0; outer < own[0]; outer++) {
            x.copy(outer * run, result, outer * rowTo + (int) before * own[2], run);
        }
        return result;
    }
}
