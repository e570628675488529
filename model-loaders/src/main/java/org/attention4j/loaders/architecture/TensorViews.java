package org.attention4j.loaders.architecture;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;
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

    /** Equal tensors as one with a dimension more, the first: a view of them all. */
    static Tensor stack(String name, List<Tensor> parts) {
        Tensor first = parts.getFirst();
        for (int i = 0; i < parts.size(); i++) {
            Tensor part = parts.get(i);
            if (part.dtype() != first.dtype() || !part.shape().equals(first.shape())) {
                throw new IllegalArgumentException(
                        "tensor %s: part %d is %s, expected %s as part 0".formatted(name, i, part, first));
            }
        }
        long[] dims = LongStream.concat(
                        LongStream.of(parts.size()), LongStream.of(first.shape().dims()))
                .toArray();
        long partBytes = first.dtype().byteSize(first.shape());
        return Tensor.of(first.dtype(), Shape.of(dims), new StackedContents(parts, partBytes));
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
