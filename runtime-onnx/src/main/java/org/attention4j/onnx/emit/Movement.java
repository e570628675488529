package org.attention4j.onnx.emit;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Writes primitives that move elements. */
final class Movement {
    private Movement() {}

    /** ONNX wants both operands to have equal dims off the axis; the primitive broadcasts them. */
    static String gatherElements(OnnxWriter w, Primitive p, int axis) {
        Value x = p.inputs().get(0);
        Value indices = p.inputs().get(1);
        List<Dim> result = p.outputs().getFirst().type().dims();
        List<Dim> source = new ArrayList<>(result);
        source.set(axis, x.type().dim(axis));
        return w.op(
                "GatherElements",
                List.of(expand(w, x, source), expand(w, indices, result)),
                Attributes.of("axis", (long) axis));
    }

    private static String expand(OnnxWriter w, Value x, List<Dim> dims) {
        return x.type().dims().equals(dims) ? w.name(x) : w.op("Expand", List.of(w.name(x), w.shape(dims)));
    }

    static String slice(OnnxWriter w, PrimitiveOp.Slice s, String x) {
        return w.op(
                "Slice",
                List.of(
                        x,
                        w.constant(new long[] {s.start()}),
                        w.constant(new long[] {s.end()}),
                        w.constant(new long[] {s.axis()}),
                        w.constant(new long[] {s.step()})));
    }

    static String pad(OnnxWriter w, PrimitiveOp.Pad pad, Primitive p) {
        DType dtype = p.inputs().getFirst().type().dtype();
        Tensor value = Tensor.zeros(dtype, Shape.of());
        value.setDouble(0, pad.value());
        return w.op(
                "Pad",
                List.of(
                        w.name(p.inputs().getFirst()),
                        w.constant(new long[] {pad.before(), pad.after()}),
                        w.constant("pad_value", value),
                        w.constant(new long[] {pad.axis()})));
    }
}
