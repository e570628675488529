package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;

/** What a value in a graph looks like: the element type and the size of each dimension, outermost first. */
public record TensorType(DType dtype, List<Dim> dims) {
    public TensorType {
        dims = ImmutableList.copyOf(dims);
    }

    /** A type with the given dimensions. */
    public static TensorType of(DType dtype, Dim... dims) {
        return new TensorType(dtype, ImmutableList.copyOf(dims));
    }

    /** A type of fixed dimensions. */
    public static TensorType of(DType dtype, Shape shape) {
        ImmutableList.Builder<Dim> dims = ImmutableList.builder();
        for (long d : shape.dims()) {
            dims.add(Dim.of(d));
        }
        return new TensorType(dtype, dims.build());
    }

    /** The number of dimensions. */
    public int rank() {
        return dims.size();
    }

    /** The size of dimension {@code axis}; negative axes count from the last (−1). */
    public Dim dim(int axis) {
        return dims.get(axis < 0 ? axis + dims.size() : axis);
    }

    /**
     * The size of dimension {@code axis}, which must be known.
     *
     * @throws IllegalArgumentException if it is symbolic
     */
    public long fixedDim(int axis) {
        if (dim(axis) instanceof Dim.Fixed(long size)) {
            return size;
        }
        throw new IllegalArgumentException("%s: dimension %d must have a fixed size".formatted(this, axis));
    }

    /** The same dimensions with another element type. */
    public TensorType withDType(DType other) {
        return new TensorType(other, dims);
    }

    /** The type with another size of one of its dimensions. */
    public TensorType withDim(int axis, Dim dim) {
        List<Dim> others = new ArrayList<>(dims);
        others.set(axis, dim);
        return new TensorType(dtype, others);
    }

    /** The type without one of its dimensions. */
    public TensorType without(int axis) {
        List<Dim> others = new ArrayList<>(dims);
        others.remove(axis);
        return new TensorType(dtype, others);
    }

    /** The same with {@code by} in place of each dimension that is {@code dim}. */
    public TensorType replace(Dim dim, Dim by) {
        return new TensorType(
                dtype, dims.stream().map(d -> d.equals(dim) ? by : d).toList());
    }

    /** The concrete shape for the given sizes of the symbols. */
    public Shape shape(Map<String, Long> symbols) {
        return Shape.of(dims.stream().mapToLong(d -> d.evaluate(symbols)).toArray());
    }

    /** For example {@code F32[batch, seq, 4, 16]}. */
    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", dtype + "[", "]"));
    }
}
