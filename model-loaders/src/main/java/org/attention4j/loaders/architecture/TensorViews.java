package org.attention4j.loaders.architecture;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.quant.ReorderedColumns;
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

    /** The rows of several tensors of one type, whose other dims are the same: those of the first, then those of the next. */
    static Tensor joinRows(String name, List<Tensor> parts) {
        Tensor first = parts.getFirst();
        long[] dims = first.shape().dims();
        long rows = 0;
        for (Tensor part : parts) {
            long[] own = part.shape().dims();
            boolean alike = own.length == dims.length && own.length > 0 && part.dtype() == first.dtype();
            if (!alike || !Arrays.equals(dims, 1, dims.length, own, 1, own.length)) {
                throw new IllegalArgumentException(
                        "tensor %s: got %s and %s, expected rows of one kind".formatted(name, first, part));
            }
            rows += own[0];
        }
        dims[0] = rows;
        return Tensor.of(first.dtype(), Shape.of(dims), new JoinedRows(parts));
    }

    private static long rowBytes(Tensor t) {
        long[] dims = t.shape().dims();
        dims[0] = 1;
        return t.dtype().byteSize(Shape.of(dims));
    }

    /**
     * Matrices {@code [..., in, out]} of a plain type with the last two dimensions exchanged. Quantised ones are
     * {@code [..., out, in]} wherever they come from, and so are those whose bytes are made when they are read.
     */
    static Tensor transpose(String name, Tensor t) {
        if (t.shape().rank() < 2) {
            throw new IllegalArgumentException("tensor %s: got %s, expected matrices".formatted(name, t));
        }
        if (t.dtype().isQuantized() || t.contents().isPresent()) {
            return t;
        }
        long[] dims = t.shape().dims();
        int last = dims.length - 1;
        dims[last] = t.shape().dim(last - 1);
        dims[last - 1] = t.shape().dim(last);
        return Tensor.of(t.dtype(), Shape.of(dims), new TransposedContents(t));
    }
}
