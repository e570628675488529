package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;

/** The types that primitives give for the types they are given. */
final class PrimitiveTypes {
    private PrimitiveTypes() {}

    /**
     * The result types of {@code op}.
     *
     * @throws IllegalArgumentException if the inputs don't fit, naming the op, the types and what was expected
     */
    static List<TensorType> infer(PrimitiveOp op, List<TensorType> in) {
        requireInputs(op, in);
        return switch (op) {
            case PrimitiveOp.Constant c ->
                one(TensorType.of(c.value().dtype(), c.value().shape()));
            case PrimitiveOp.Unary u -> one(unary(u, in.get(0)));
            case PrimitiveOp.Binary b -> one(binary(b, in.get(0), in.get(1)));
            case PrimitiveOp.Where w -> one(where(in.get(0), in.get(1), in.get(2)));
            case PrimitiveOp.Reduce r -> one(reduce(r, in.get(0)));
            case PrimitiveOp.MatMul m -> one(matMul(m, in.get(0), in.get(1)));
            case PrimitiveOp.Gather g -> one(gather(g, in.get(0), in.get(1)));
            case PrimitiveOp.GatherElements g -> one(gatherElements(g, in.get(0), in.get(1)));
            case PrimitiveOp.ScatterAdd s -> one(scatterAdd(s, in));
            case PrimitiveOp.Slice s -> one(slice(s, in.get(0)));
            case PrimitiveOp.Concat c -> one(concat(c, in));
            case PrimitiveOp.Transpose t -> one(transpose(t, in.get(0)));
            case PrimitiveOp.Reshape r -> one(reshape(r, in.get(0)));
            case PrimitiveOp.Broadcast b -> one(broadcastTo(b, in.get(0)));
            case PrimitiveOp.CumSum c -> {
                requireAxis(op, c.axis(), in.get(0));
                requireNumber(op, in.get(0));
                yield one(in.get(0));
            }
            case PrimitiveOp.Iota i -> one(TensorType.of(DType.I64, i.size()));
            case PrimitiveOp.SizeOf s -> one(TensorType.of(DType.I64));
            case PrimitiveOp.Cast c -> {
                require(!c.dtype().isQuantized(), op, in, "a plain type to cast to");
                yield one(in.get(0).withDType(c.dtype()));
            }
            case PrimitiveOp.Dequantize d -> {
                require(in.get(0).dtype().isQuantized(), op, in, "a block-quantised type");
                yield one(in.get(0).withDType(DType.F32));
            }
            case PrimitiveOp.TopK t -> topK(t, in.get(0));
            case PrimitiveOp.Pad p -> {
                requireAxis(op, p.axis(), in.get(0));
                require(p.before() >= 0 && p.after() >= 0, op, in, "no negative padding");
                Dim padded = in.get(0).dim(p.axis()).plus(Dim.of(p.before() + p.after()));
                yield one(withDim(in.get(0), p.axis(), padded));
            }
        };
    }

    private static void requireInputs(PrimitiveOp op, List<TensorType> in) {
        int expected = switch (op) {
            case PrimitiveOp.Constant c -> 0;
            case PrimitiveOp.Iota i -> 0;
            case PrimitiveOp.SizeOf s -> 0;
            case PrimitiveOp.Binary b -> 2;
            case PrimitiveOp.MatMul m -> 2;
            case PrimitiveOp.Gather g -> 2;
            case PrimitiveOp.GatherElements g -> 2;
            case PrimitiveOp.Where w -> 3;
            case PrimitiveOp.ScatterAdd s -> 3;
            case PrimitiveOp.Concat c -> Math.max(1, in.size());
            default -> 1;
        };
        require(in.size() == expected, op, in, expected + " inputs");
        boolean takesBlocks = op instanceof PrimitiveOp.Gather || op instanceof PrimitiveOp.Dequantize;
        require(takesBlocks || in.stream().noneMatch(t -> t.dtype().isQuantized()), op, in, "plain types");
    }

    private static List<TensorType> one(TensorType type) {
        return ImmutableList.of(type);
    }

    private static TensorType unary(PrimitiveOp.Unary u, TensorType x) {
        boolean fits = switch (u.kind()) {
            case NOT -> x.dtype() == DType.BOOL;
            case NEG, ABS -> x.dtype().isFloat() || x.dtype().isInteger();
            case EXP, LOG, SQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR ->
                x.dtype().isFloat();
        };
        require(fits, u, ImmutableList.of(x), u.kind() == UnaryKind.NOT ? "BOOL" : "a number");
        return x;
    }

    private static TensorType binary(PrimitiveOp.Binary b, TensorType x, TensorType y) {
        ImmutableList<TensorType> in = ImmutableList.of(x, y);
        require(x.dtype() == y.dtype(), b, in, "operands of one dtype");
        BinaryKind kind = b.kind();
        require(kind.isLogical() == (x.dtype() == DType.BOOL), b, in, kind.isLogical() ? "BOOL" : "numbers");
        require(kind != BinaryKind.POW || x.dtype().isFloat(), b, in, "floats");
        DType dtype = kind.isComparison() ? DType.BOOL : x.dtype();
        return new TensorType(dtype, Broadcasting.broadcast(b.name(), x.dims(), y.dims()));
    }

    private static TensorType where(TensorType condition, TensorType a, TensorType b) {
        ImmutableList<TensorType> in = ImmutableList.of(condition, a, b);
        PrimitiveOp op = new PrimitiveOp.Where();
        require(condition.dtype() == DType.BOOL && a.dtype() == b.dtype(), op, in, "BOOL and two of one dtype");
        List<Dim> dims = Broadcasting.broadcast("where", a.dims(), b.dims());
        return new TensorType(a.dtype(), Broadcasting.broadcast("where", condition.dims(), dims));
    }

    private static TensorType reduce(PrimitiveOp.Reduce r, TensorType x) {
        r.axes().forEach(axis -> requireAxis(r, axis, x));
        requireNumber(r, x);
        require(r.kind() != ReduceKind.MEAN || x.dtype().isFloat(), r, List.of(x), "floats");
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            if (!r.axes().contains(i)) {
                dims.add(x.dim(i));
            } else if (r.keepDims()) {
                dims.add(Dim.of(1));
            }
        }
        return new TensorType(x.dtype(), dims);
    }

    private static TensorType matMul(PrimitiveOp.MatMul m, TensorType a, TensorType b) {
        ImmutableList<TensorType> in = ImmutableList.of(a, b);
        require(a.rank() >= 2 && b.rank() >= 2, m, in, "at least two dimensions each");
        require(a.dtype() == b.dtype() && a.dtype().isFloat(), m, in, "operands of one float dtype");
        Dim inner = b.dim(m.transposeB() ? -1 : -2);
        require(a.dim(-1).equals(inner), m, in, "equal inner dimensions, not " + a.dim(-1) + " and " + inner);
        List<Dim> dims = new ArrayList<>(Broadcasting.broadcast(
                m.name(), a.dims().subList(0, a.rank() - 2), b.dims().subList(0, b.rank() - 2)));
        dims.add(a.dim(-2));
        dims.add(b.dim(m.transposeB() ? -2 : -1));
        return new TensorType(a.dtype(), dims);
    }

    private static TensorType gather(PrimitiveOp.Gather g, TensorType x, TensorType indices) {
        requireAxis(g, g.axis(), x);
        require(indices.dtype() == DType.I64, g, ImmutableList.of(x, indices), "I64 indices");
        require(!x.dtype().isQuantized() || g.axis() < x.rank() - 1, g, ImmutableList.of(x, indices), "whole blocks");
        List<Dim> dims = new ArrayList<>(x.dims().subList(0, g.axis()));
        dims.addAll(indices.dims());
        dims.addAll(x.dims().subList(g.axis() + 1, x.rank()));
        return new TensorType(x.dtype(), dims);
    }

    private static TensorType gatherElements(PrimitiveOp.GatherElements g, TensorType x, TensorType indices) {
        ImmutableList<TensorType> in = ImmutableList.of(x, indices);
        requireAxis(g, g.axis(), x);
        require(indices.dtype() == DType.I64 && indices.rank() == x.rank(), g, in, "I64 indices of equal rank");
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            dims.add(
                    i == g.axis()
                            ? indices.dim(i)
                            : Broadcasting.broadcast(g.name(), List.of(x.dim(i)), List.of(indices.dim(i)))
                                    .getFirst());
        }
        return new TensorType(x.dtype(), dims);
    }

    private static TensorType scatterAdd(PrimitiveOp.ScatterAdd s, List<TensorType> in) {
        requireAxis(s, s.axis(), in.get(0));
        requireNumber(s, in.get(0));
        boolean fits = in.get(1).dtype() == DType.I64
                && in.get(1).dims().equals(in.get(2).dims())
                && in.get(0).dtype() == in.get(2).dtype()
                && in.get(0).rank() == in.get(1).rank();
        require(fits, s, in, "x, I64 indices of equal rank, and updates with the indices' dims");
        return in.get(0);
    }

    private static TensorType slice(PrimitiveOp.Slice s, TensorType x) {
        requireAxis(s, s.axis(), x);
        require(s.start() >= 0 && s.step() >= 1 && s.end() >= s.start(), s, List.of(x), "0 ≤ start ≤ end, step ≥ 1");
        Dim dim = x.dim(s.axis());
        if (dim instanceof Dim.Fixed(long size)) {
            long end = Math.min(size, s.end());
            require(s.start() <= end, s, List.of(x), "start ≤ " + size);
            return withDim(x, s.axis(), Dim.of((end - s.start() + s.step() - 1) / s.step()));
        }
        boolean tail = s.end() == PrimitiveOp.TO_END && s.step() == 1;
        boolean head = s.end() != PrimitiveOp.TO_END;
        require(tail || head, s, List.of(x), "a fixed dimension for this step");
        Dim sliced = tail ? dim.plus(Dim.of(-s.start())) : Dim.of((s.end() - s.start() + s.step() - 1) / s.step());
        return withDim(x, s.axis(), sliced);
    }

    private static TensorType concat(PrimitiveOp.Concat c, List<TensorType> in) {
        TensorType first = in.getFirst();
        requireAxis(c, c.axis(), first);
        Dim sum = first.dim(c.axis());
        for (TensorType other : in.subList(1, in.size())) {
            boolean fits = other.rank() == first.rank() && other.dtype() == first.dtype();
            for (int i = 0; fits && i < first.rank(); i++) {
                fits = i == c.axis() || first.dim(i).equals(other.dim(i));
            }
            require(fits, c, in, "one dtype and equal dims but for axis " + c.axis());
            sum = sum.plus(other.dim(c.axis()));
        }
        return withDim(first, c.axis(), sum);
    }

    private static TensorType transpose(PrimitiveOp.Transpose t, TensorType x) {
        boolean fits = t.permutation().size() == x.rank() && new HashSet<>(t.permutation()).size() == x.rank();
        require(fits, t, List.of(x), "a permutation of its axes, not " + t.permutation());
        List<Dim> dims = new ArrayList<>();
        for (int axis : t.permutation()) {
            requireAxis(t, axis, x);
            dims.add(x.dim(axis));
        }
        return new TensorType(x.dtype(), dims);
    }

    private static TensorType reshape(PrimitiveOp.Reshape r, TensorType x) {
        Dim from = x.dims().stream().reduce(Dim.of(1), Dim::times);
        Dim to = r.dims().stream().reduce(Dim.of(1), Dim::times);
        boolean fits = !(from.isFixed() && to.isFixed()) || from.equals(to);
        require(fits, r, List.of(x), "as many elements as " + r.dims());
        return new TensorType(x.dtype(), r.dims());
    }

    private static TensorType broadcastTo(PrimitiveOp.Broadcast b, TensorType x) {
        List<Dim> dims = Broadcasting.broadcast(b.name(), x.dims(), b.dims());
        require(dims.equals(b.dims()), b, List.of(x), "something that broadcasts to " + b.dims());
        return new TensorType(x.dtype(), dims);
    }

    private static List<TensorType> topK(PrimitiveOp.TopK t, TensorType x) {
        requireAxis(t, t.axis(), x);
        requireNumber(t, x);
        boolean enough = !(x.dim(t.axis()) instanceof Dim.Fixed(long size)) || t.k() <= size;
        require(t.k() >= 1 && enough, t, List.of(x), "1 ≤ k ≤ the size of axis " + t.axis() + ", not k = " + t.k());
        TensorType values = withDim(x, t.axis(), Dim.of(t.k()));
        return ImmutableList.of(values, values.withDType(DType.I64));
    }

    private static TensorType withDim(TensorType x, int axis, Dim dim) {
        List<Dim> dims = new ArrayList<>(x.dims());
        dims.set(axis, dim);
        return new TensorType(x.dtype(), dims);
    }

    private static void requireAxis(PrimitiveOp op, int axis, TensorType x) {
        require(axis >= 0 && axis < x.rank(), op, List.of(x), "a rank above axis " + axis);
    }

    private static void requireNumber(PrimitiveOp op, TensorType x) {
        require(x.dtype() != DType.BOOL, op, List.of(x), "numbers");
    }

    private static void require(boolean fits, PrimitiveOp op, List<TensorType> in, String expected) {
        if (!fits) {
            throw new IllegalArgumentException("%s: got %s, expected %s".formatted(op.name(), in, expected));
        }
    }
}
