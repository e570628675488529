package org.attention4j.core.reference;

import java.lang.foreign.MemorySegment;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A constant, or blocks of a quantised dtype, as a tensor: looking up rows of a large table converts these rows only. */
record Stored(Tensor tensor, Conversions conversions) implements Held {
    @Override
    public Shape shape() {
        return tensor.shape();
    }

    @Override
    public Array load() {
        return conversions.load(tensor);
    }

    /** The entries {@code indices} of a dimension, which is not the last one if the elements are in blocks. */
    Stored gather(long[] indices, int axis, Shape newShape) {
        int[] split = Strides.split(shape(), axis);
        if (axis == 0 && indices.length == 1) {
            int index = Movement.requireIndex(indices[0], split[1], axis);
            return new Stored(tensor.rows(index, 1).reshape(newShape), Conversions.NOT_KEPT);
        }
        Tensor out = Tensor.zeros(tensor.dtype(), newShape);
        long entryBytes =
                (long) split[2] / tensor.dtype().blockSize() * tensor.dtype().blockBytes();
        long to = 0;
        for (int outer = 0; outer < split[0]; outer++) {
            for (long index : indices) {
                long from = (long) outer * split[1] + Movement.requireIndex(index, split[1], axis);
                MemorySegment.copy(
                        tensor.bytes(from * entryBytes, entryBytes), 0, out.data(), to * entryBytes, entryBytes);
                to++;
            }
        }
        return new Stored(out, Conversions.NOT_KEPT);
    }

    /** Zeros of a block-quantised dtype: all bits are zero. */
    static Stored zeros(DType dtype, Shape shape) {
        return new Stored(Tensor.zeros(dtype, shape), Conversions.NOT_KEPT);
    }
}
