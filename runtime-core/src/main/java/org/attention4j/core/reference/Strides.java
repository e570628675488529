package org.attention4j.core.reference;

import java.util.Arrays;
import org.attention4j.core.tensor.Shape;

/** Where the elements of a strided view of an array lie. */
final class Strides {
    private Strides() {}

    /** How many elements apart neighbours in each dimension are. */
    static int[] of(Shape shape) {
        int[] strides = new int[shape.rank()];
        int next = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = next;
            next *= (int) shape.dim(i);
        }
        return strides;
    }

    /** The strides that read {@code from} as if it had the dims {@code to}: 0 where one entry serves for all. */
    static int[] broadcasting(Shape from, Shape to) {
        int[] own = of(from);
        int[] strides = new int[to.rank()];
        int lead = to.rank() - from.rank();
        for (int i = lead; i < strides.length; i++) {
            strides[i] = from.dim(i - lead) == 1 ? 0 : own[i - lead];
        }
        return strides;
    }

    /** The offsets of all elements of a view of dims {@code shape}, row-major. */
    static int[] offsets(Shape shape, int base, int[] strides) {
        int[] offsets = new int[Array.count(shape)];
        if (offsets.length == 0) {
            return offsets;
        }
        offsets[0] = base;
        int filled = 1;
        // Dimension by dimension from the last: what is filled so far is repeated, shifted by the stride.
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int block = filled;
            for (int i = 1; i < shape.dim(axis); i++) {
                int shift = i * strides[axis];
                for (int j = 0; j < block; j++) {
                    offsets[filled++] = offsets[j] + shift;
                }
            }
        }
        return offsets;
    }

    /** x with the dims {@code to}, as in NumPy; x itself if it has them. */
    static Array broadcast(Array x, Shape to) {
        return x.shape().equals(to) ? x : x.take(offsets(to, 0, broadcasting(x.shape(), to)), to);
    }

    /** The dims before {@code axis}, {@code axis} and those after it, as sizes: {@code {outer, size, inner}}. */
    static int[] split(Shape shape, int axis) {
        long[] dims = shape.dims();
        return new int[] {
            product(Arrays.copyOfRange(dims, 0, axis)),
            Math.toIntExact(dims[axis]),
            product(Arrays.copyOfRange(dims, axis + 1, dims.length))
        };
    }

    private static int product(long[] dims) {
        return Array.count(Shape.of(dims));
    }
}
