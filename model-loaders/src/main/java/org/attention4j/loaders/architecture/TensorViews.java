package org.attention4j.loaders.architecture;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Tensors made of others. */
final class TensorViews {
    private TensorViews() {}

    /** Consecutive rows of a matrix, or entries of a vector: a view of the same memory. */
    static Tensor rows(String name, Tensor t, long first, long count) {
        if (first + count > t.shape().dim(0)) {
            throw new IllegalArgumentException(
                    "tensor %s: got %s, expected at least %d rows".formatted(name, t, first + count));
        }
        return t.rows(first, count);
    }

    /** The rows of a matrix, or entries of a vector, that {@code source} names, in this order. */
    static Tensor pickRows(Tensor t, long[] source) {
        long[] dims = t.shape().dims();
        dims[0] = source.length;
        Shape shape = Shape.of(dims);
        return ReorderedColumns.of(t)
                .map(columns -> Tensor.of(
                        t.dtype(), shape, new ReorderedColumns(pickRows(columns.blocks(), source), columns.order())))
                .orElseGet(() ->
                        Tensor.of(t.dtype(), shape, new PickedRows(t, ImmutableLongArray.copyOf(source), rowBytes(t))));
    }

    private static long rowBytes(Tensor t) {
        long[] dims = t.shape().dims();
        dims[0] = 1;
        return t.dtype().byteSize(Shape.of(dims));
    }

    /**
     * A matrix {@code [in, out]} of a plain type transposed: a copy. Those whose bytes are made when they are read, and
     * quantised ones, are {@code [out, in]} wherever they come from.
     */
    static Tensor transpose(String name, Tensor t) {
        DType dtype = t.dtype();
        if (t.shape().rank() != 2) {
            throw new IllegalArgumentException("tensor %s: got %s, expected a matrix".formatted(name, t));
        }
        if (dtype.isQuantized() || t.contents().isPresent()) {
            return t;
        }
        long rows = t.shape().dim(0);
        long columns = t.shape().dim(1);
        long size = dtype.blockBytes();
        Tensor out = Tensor.zeros(dtype, Shape.of(columns, rows));
        for (long r = 0; r < rows; r++) {
            for (long c = 0; c < columns; c++) {
                MemorySegment.copy(t.data(), (r * columns + c) * size, out.data(), (c * rows + r) * size, size);
            }
        }
        return out;
    }
}
