package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** The part of {@link GraphBuilder} that has a method for each primitive. */
public abstract sealed class PrimitiveBuilder permits GraphBuilder {
    private final Map<String, Value> scalars = new HashMap<>();

    PrimitiveBuilder() {}

    /** Appends a primitive and returns its results. Primitives without inputs that are equal are made once. */
    public abstract List<Value> primitive(PrimitiveOp op, List<Value> in);

    private Value one(PrimitiveOp op, Value... in) {
        return primitive(op, Arrays.asList(in)).getFirst();
    }

    // Leaves

    /** A tensor that is part of the graph; the same tensor under the same label is one value. */
    public Value constant(String label, Tensor tensor) {
        return one(new PrimitiveOp.Constant(label, tensor));
    }

    /** A scalar of a float dtype, or of I64. */
    public Value scalar(DType dtype, double value) {
        String text = dtype.isFloat() ? Double.toString(value) : Long.toString((long) value);
        return scalars.computeIfAbsent(dtype + " " + text, k -> {
            Tensor t = Tensor.zeros(dtype, Shape.of());
            t.setDouble(0, value);
            return constant(text, t);
        });
    }

    /** {@code I64[size]}: 0, 1, 2, …. */
    public Value iota(Dim size) {
        return one(new PrimitiveOp.Iota(size));
    }

    /** An I64 scalar: the size of a dimension. */
    public Value sizeOf(Dim dim) {
        return dim instanceof Dim.Fixed(long n) ? scalar(DType.I64, (double) n) : one(new PrimitiveOp.SizeOf(dim));
    }

    // Elementwise

    /** {@link PrimitiveOp.Unary}. */
    public Value unary(UnaryKind kind, Value x) {
        return one(new PrimitiveOp.Unary(kind), x);
    }

    /** {@link PrimitiveOp.Binary}. */
    public Value binary(BinaryKind kind, Value a, Value b) {
        return one(new PrimitiveOp.Binary(kind), a, b);
    }

    /** {@code a + b}. */
    public Value add(Value a, Value b) {
        return binary(BinaryKind.ADD, a, b);
    }

    /** {@code a − b}. */
    public Value sub(Value a, Value b) {
        return binary(BinaryKind.SUB, a, b);
    }

    /** {@code a · b}. */
    public Value mul(Value a, Value b) {
        return binary(BinaryKind.MUL, a, b);
    }

    /** {@code a / b}. */
    public Value div(Value a, Value b) {
        return binary(BinaryKind.DIV, a, b);
    }

    /** {@code a + b} with a scalar of a's dtype. */
    public Value add(Value a, double b) {
        return add(a, scalar(a.type().dtype(), b));
    }

    /** {@code a · b} with a scalar of a's dtype. */
    public Value mul(Value a, double b) {
        return mul(a, scalar(a.type().dtype(), b));
    }

    /** {@link PrimitiveOp.Where}. */
    public Value where(Value condition, Value a, Value b) {
        return one(new PrimitiveOp.Where(), condition, a, b);
    }

    /** {@link PrimitiveOp.Cast}; nothing if x has the dtype already. */
    public Value cast(Value x, DType dtype) {
        return x.type().dtype() == dtype ? x : one(new PrimitiveOp.Cast(dtype), x);
    }

    /** x as F32: cast from a float dtype, dequantised from a block-quantised one. */
    public Value toF32(Value x) {
        return x.type().dtype().isQuantized() ? one(new PrimitiveOp.Dequantize(), x) : cast(x, DType.F32);
    }

    // Reductions and products

    /** {@link PrimitiveOp.Reduce}. */
    public Value reduce(ReduceKind kind, Value x, boolean keepDims, int... axes) {
        List<Integer> list = Arrays.stream(axes).map(a -> axis(x, a)).boxed().toList();
        return one(new PrimitiveOp.Reduce(kind, list, keepDims), x);
    }

    /** {@code a · b} over the last two dims. */
    public Value matMul(Value a, Value b) {
        return one(new PrimitiveOp.MatMul(false), a, b);
    }

    /** {@code a · bᵀ} over the last two dims. */
    public Value matMulTransposed(Value a, Value b) {
        return one(new PrimitiveOp.MatMul(true), a, b);
    }

    /** {@link PrimitiveOp.CumSum}. */
    public Value cumSum(Value x, int axis, boolean exclusive, boolean reverse) {
        return one(new PrimitiveOp.CumSum(axis(x, axis), exclusive, reverse), x);
    }

    /** {@link PrimitiveOp.TopK}: values and indices. */
    public List<Value> topK(Value x, int k, int axis) {
        return primitive(new PrimitiveOp.TopK(k, axis(x, axis)), ImmutableList.of(x));
    }

    // Moving elements

    /** {@link PrimitiveOp.Gather}. */
    public Value gather(Value x, Value indices, int axis) {
        return one(new PrimitiveOp.Gather(axis(x, axis)), x, indices);
    }

    /** {@link PrimitiveOp.GatherElements}. */
    public Value gatherElements(Value x, Value indices, int axis) {
        return one(new PrimitiveOp.GatherElements(axis(x, axis)), x, indices);
    }

    /** {@link PrimitiveOp.ScatterAdd}. */
    public Value scatterAdd(Value x, Value indices, Value updates, int axis) {
        return one(new PrimitiveOp.ScatterAdd(axis(x, axis)), x, indices, updates);
    }

    /** Entries {@code start} to {@code end} (exclusive, or {@link PrimitiveOp#TO_END}) of an axis. */
    public Value slice(Value x, int axis, long start, long end) {
        return slice(x, axis, start, end, 1);
    }

    /** {@link PrimitiveOp.Slice}. */
    public Value slice(Value x, int axis, long start, long end, long step) {
        return one(new PrimitiveOp.Slice(axis(x, axis), start, end, step), x);
    }

    /** {@link PrimitiveOp.Concat}. */
    public Value concat(int axis, Value... parts) {
        return one(new PrimitiveOp.Concat(axis(parts[0], axis)), parts);
    }

    /** {@link PrimitiveOp.Transpose}. */
    public Value transpose(Value x, int... permutation) {
        return one(new PrimitiveOp.Transpose(IntStream.of(permutation).boxed().toList()), x);
    }

    /** {@link PrimitiveOp.Reshape}; nothing if x has these dims already. */
    public Value reshape(Value x, Dim... dims) {
        return reshape(x, ImmutableList.copyOf(dims));
    }

    /** {@link PrimitiveOp.Reshape}; nothing if x has these dims already. */
    public Value reshape(Value x, List<Dim> dims) {
        return x.type().dims().equals(dims) ? x : one(new PrimitiveOp.Reshape(dims), x);
    }

    /** x with a dimension of size 1 inserted before dimension {@code axis} (−1: after the last). */
    public Value unsqueeze(Value x, int axis) {
        List<Dim> dims = new ArrayList<>(x.type().dims());
        dims.add(axis < 0 ? axis + dims.size() + 1 : axis, Dim.of(1));
        return reshape(x, dims);
    }

    /** {@link PrimitiveOp.Broadcast}; nothing if x has these dims already. */
    public Value broadcast(Value x, List<Dim> dims) {
        return x.type().dims().equals(dims) ? x : one(new PrimitiveOp.Broadcast(dims), x);
    }

    /** {@link PrimitiveOp.Pad}. */
    public Value pad(Value x, int axis, long before, long after, double value) {
        return one(new PrimitiveOp.Pad(axis(x, axis), before, after, value), x);
    }

    private static int axis(Value x, int axis) {
        return axis < 0 ? axis + x.type().rank() : axis;
    }
}
