package org.attention4j.onnx.emit;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/** Writes primitives: a few ONNX operators each, most of them one. */
final class PrimitiveEmitter {
    private final OnnxWriter w;

    PrimitiveEmitter(OnnxWriter w) {
        this.w = w;
    }

    /** The ONNX names of the outputs; none for a constant, which is written when it is read. */
    List<String> emit(Primitive p) {
        List<Value> values = p.inputs();
        return switch (p.op()) {
            case PrimitiveOp.Constant c -> ImmutableList.of();
            // Values of quantised types that are no constants, such as gathered rows, were made from F32 ones.
            case PrimitiveOp.Dequantize d -> one(in(p, 0));
            case PrimitiveOp.Cast c -> one(cast(values.getFirst(), c.dtype()));
            case PrimitiveOp.Unary u -> one(Elementwise.unary(w, u.kind(), in(p, 0)));
            case PrimitiveOp.Binary b ->
                one(Elementwise.binary(
                        w,
                        b.kind(),
                        in(p, 0),
                        in(p, 1),
                        values.getFirst().type().dtype()));
            case PrimitiveOp.Where x ->
                one(Elementwise.where(w, ins(p), values.get(1).type().dtype()));
            case PrimitiveOp.Reduce r -> one(reduce(r, in(p, 0)));
            case PrimitiveOp.MatMul m -> one(matMul(m, p));
            case PrimitiveOp.Gather g -> one(w.op("Gather", ins(p), Attributes.of("axis", (long) g.axis())));
            case PrimitiveOp.GatherElements g -> one(Movement.gatherElements(w, p, g.axis()));
            case PrimitiveOp.ScatterAdd s ->
                one(w.op(
                        "ScatterElements",
                        ins(p),
                        Attributes.of("axis", (long) s.axis()),
                        Attributes.of("reduction", "add")));
            case PrimitiveOp.Slice s -> one(Movement.slice(w, s, in(p, 0)));
            case PrimitiveOp.Concat c -> one(w.op("Concat", ins(p), Attributes.of("axis", (long) c.axis())));
            case PrimitiveOp.Transpose t ->
                one(w.op(
                        "Transpose",
                        ins(p),
                        Attributes.of(
                                "perm",
                                t.permutation().stream()
                                        .mapToLong(Integer::longValue)
                                        .toArray())));
            case PrimitiveOp.Reshape r -> one(w.reshape(in(p, 0), r.dims()));
            case PrimitiveOp.Broadcast b -> one(w.op("Expand", ImmutableList.of(in(p, 0), w.shape(b.dims()))));
            case PrimitiveOp.CumSum c ->
                one(w.op(
                        "CumSum",
                        ImmutableList.of(in(p, 0), w.scalar((long) c.axis())),
                        Attributes.of("exclusive", c.exclusive() ? 1L : 0L),
                        Attributes.of("reverse", c.reverse() ? 1L : 0L)));
            case PrimitiveOp.Iota i -> one(iota(i.size()));
            case PrimitiveOp.SizeOf s -> one(w.size(s.dim()));
            case PrimitiveOp.TopK t ->
                w.ops(
                        "",
                        "TopK",
                        ImmutableList.of(in(p, 0), w.constant(new long[] {t.k()})),
                        2,
                        Attributes.of("axis", (long) t.axis()));
            case PrimitiveOp.Pad x -> one(Movement.pad(w, x, p));
        };
    }

    private static List<String> one(String name) {
        return ImmutableList.of(name);
    }

    private String in(Primitive p, int i) {
        return w.name(p.inputs().get(i));
    }

    private List<String> ins(Primitive p) {
        return p.inputs().stream().map(w::name).toList();
    }

    private String cast(Value x, DType dtype) {
        return dtype == DType.F32
                ? w.f32(x)
                : w.op("Cast", ImmutableList.of(w.name(x)), Attributes.of("to", (long)
                        OnnxTypes.dataType(dtype).getNumber()));
    }

    private String reduce(PrimitiveOp.Reduce r, String x) {
        String type = switch (r.kind()) {
            case SUM -> "ReduceSum";
            case MEAN -> "ReduceMean";
            case MAX -> "ReduceMax";
            case MIN -> "ReduceMin";
        };
        String axes = w.constant(r.axes().stream().mapToLong(Integer::longValue).toArray());
        return w.op(type, ImmutableList.of(x, axes), Attributes.of("keepdims", r.keepDims() ? 1L : 0L));
    }

    private String matMul(PrimitiveOp.MatMul m, Primitive p) {
        if (!m.transposeB()) {
            return w.op("MatMul", ins(p));
        }
        Value b = p.inputs().get(1);
        int rank = b.type().rank();
        long[] swapped = new long[rank];
        for (int i = 0; i < rank; i++) {
            swapped[i] = i < rank - 2 ? i : 2L * rank - 3 - i;
        }
        String transposed = w.op("Transpose", ImmutableList.of(w.name(b)), Attributes.of("perm", swapped));
        return w.op("MatMul", ImmutableList.of(in(p, 0), transposed));
    }

    private String iota(Dim size) {
        return w.once(
                "iota " + size,
                root -> root.op("Range", ImmutableList.of(root.scalar(0L), root.size(size), root.scalar(1L))));
    }
}
