package org.attention4j.onnx.linearattention;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.OnnxWriter;

/** {@code com.microsoft.LinearAttention}: one node that takes a step for each token. */
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
        LinearRecurrence op = (LinearRecurrence) c.op();
        if (op.lowRank()) {
            return Answer.no("the operator's delta rule is not a product with two vectors of the caller's choice");
        }
        return Answer.onlyIf(!op.readBefore(), "the operator reads the state after each update, not before");
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
        List<String> inputs = new ArrayList<>(
                List.of(packed(w, c, "query"), packed(w, c, "key"), packed(w, c, "value"), w.name(c.input("state"))));
        if (op.decay() != Decay.NONE) {
            inputs.add(op.decay() == Decay.KEY ? packed(w, c, "log_decay") : w.name(c.input("log_decay")));
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
        return List.of(w.reshape(out.get(0), value.dims()), out.get(1));
    }

    /** {@code [batch, seq, heads, dim]} as {@code [batch, seq, heads·dim]}. */
    private static String packed(OnnxWriter w, Composite c, String input) {
        TensorType type = c.input(input).type();
        return w.reshape(
                w.name(c.input(input)), List.of(type.dim(0), type.dim(1), Dim.of(type.fixedDim(2) * type.fixedDim(3))));
    }
}
