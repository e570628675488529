package org.attention4j.loaders.architecture;

import java.lang.foreign.MemorySegment;
import java.util.List;
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

    /** The rows of a matrix, or entries of a vector, that {@code source} names, in this order: a copy. */
    static Tensor pickRows(Tensor t, long[] source) {
        long[] dims = t.shape().dims();
        dims[0] = source.length;
        long rowBytes = rowBytes(t);
        Tensor out = Tensor.zeros(t.dtype(), Shape.of(dims));
        for (int i = 0; i < source.length; i++) {
            MemorySegment.copy(t.data(), source[i] * rowBytes, out.data(), i * rowBytes, rowBytes);
        }
        return out;
    }

    /** Vectors of one size and type as the rows of a matrix: a copy. */
    static Tensor stack(String name, List<Tensor> rows) {
        Tensor first = rows.getFirst();
        long bytes = first.data().byteSize();
        Tensor out =
                Tensor.zeros(first.dtype(), Shape.of(rows.size(), first.shape().elements()));
        for (int i = 0; i < rows.size(); i++) {
            Tensor row = rows.get(i);
            if (row.dtype() != first.dtype() || !row.shape().equals(first.shape())) {
                throw new IllegalArgumentException(
                        "tensor %s: row %d is %s, expected %s as row 0".formatted(name, i, row, first));
            }
            MemorySegment.copy(row.data(), 0, out.data(), i * bytes, bytes);
        }
        return out;
    }

    private static long rowBytes(Tensor t) {
        long[] dims = t.shape().dims();
        dims[0] = 1;
        return t.dtype().byteSize(Shape.of(dims));
    }

    /** A matrix of a plain type transposed: a copy. */
    static Tensor transpose(String name, Tensor t) {
        DType dtype = t.dtype();
        if (t.shape().rank() != 2 || dtype.isQuantized()) {
            throw new IllegalArgumentException(
                    "tensor %s: got %s, expected a matrix of a plain type".formatted(name, t));
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
