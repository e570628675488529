package org.attention4j.onnx.linearattention;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * {@code com.microsoft.LinearAttention}: one node that takes a step for each token, and reads the state after it. Where a token
 * reads the state before itself, keys, values and decays come one token late, behind a token that changes nothing, and a last
 * token reads nothing.
 */
@AutoService(OnnxLowering.class)
public final class LinearAttention implements OnnxLowering {
    @Override
    public String name() {
        return "linear_attention";
    }

    @Override
    public String op() {
        return "linear_recurrence";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.onlyIf(
                !((LinearRecurrence) c.op()).lowRank(),
                "the operator's delta rule is not a product with two vectors of the caller's choice");
    }

    @Override
    public List<OnnxRewrite.Limit> limits(Composite c) {
        return List.of(OnnxRewrite.Limit.atLeast(
                c.input("query").type().dim(1), 1, c.label() + " needs a token on ONNX Runtime"));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        LinearRecurrence op = (LinearRecurrence) c.op();
        TensorType value = c.input("value").type();
        boolean late = op.readBefore();
        List<String> inputs = new ArrayList<>();
        inputs.add(late ? withZeros(w, c, "query", false) : packed(w, c, "query"));
        inputs.add(late ? withZeros(w, c, "key", true) : packed(w, c, "key"));
        inputs.add(late ? withZeros(w, c, "value", true) : packed(w, c, "value"));
        inputs.add(w.name(c.input("state")));
        if (op.decay() != Decay.NONE) {
            inputs.add(late ? withZeros(w, c, "log_decay", true) : packed(w, c, "log_decay"));
        }
        long heads = value.fixedDim(2);
        List<String> out = w.ops(
                "com.microsoft",
                "LinearAttention",
                inputs,
                2,
                Attributes.of("q_num_heads", heads),
                Attributes.of("kv_num_heads", heads),
                Attributes.of("update_rule", op.decay() == Decay.NONE ? "linear" : "gated"),
                Attributes.of("scale", (float) op.scale()));
        w.updateInPlace(c.input("state"));
        if (!late) {
            return List.of(w.reshape(out.get(0), value.dims()), out.get(1));
        }
        String read = w.op(
                "Slice", List.of(out.get(0), w.constant(new long[] {0}), w.constant(new long[] {-1}), w.constant(1)));
        return List.of(w.op("Add", List.of(w.reshape(read, value.dims()), self(w, c))), out.get(1));
    }

    /** {@code [batch, seq, heads, dim]} as {@code [batch, seq, heads·dim]}; {@code [batch, seq, heads]} as it is. */
    private static String packed(OnnxWriter w, Composite c, String input) {
        TensorType type = c.input(input).type();
        String name = w.name(c.input(input));
        return type.rank() == 3 ? name : w.reshape(name, List.of(type.dim(0), type.dim(1), Dim.of(width(type))));
    }

    private static long width(TensorType type) {
        return type.rank() == 3 ? type.fixedDim(2) : type.fixedDim(2) * type.fixedDim(3);
    }

    /** The same with a token of zeros at one end. */
    private static String withZeros(OnnxWriter w, Composite c, String input, boolean first) {
        TensorType type = c.input(input).type();
        String row = w.once(
                List.of("zeros", width(type)),
                root -> root.constant("zeros", Tensor.zeros(DType.F32, Shape.of(1, 1, width(type)))));
        String zeros = w.op("Expand", List.of(row, w.shape(List.of(type.dim(0), Dim.of(1), Dim.of(width(type))))));
        String packed = packed(w, c, input);
        return w.op("Concat", first ? List.of(zeros, packed) : List.of(packed, zeros), Attributes.of("axis", 1L));
    }

    /** What each token reads of itself: {@code scale · Σ q ⊙ u ⊙ k} times its value. */
    private static String self(OnnxWriter w, Composite c) {
        LinearRecurrence op = (LinearRecurrence) c.op();
        GraphBuilder b = new GraphBuilder("self");
        List<String> names = List.of("query", "key", "value", "bonus");
        List<Value> in = names.stream().map(n -> b.input(n, c.input(n).type())).toList();
        b.result("y", op.self(b, in.get(0), in.get(1), in.get(2), in.get(3)));
        return w.inline(b.build(), names.stream().map(n -> w.name(c.input(n))).toList())
                .getFirst();
    }
}
