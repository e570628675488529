package org.attention4j.onnx.conv;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.OnnxWriter;

/** {@code com.microsoft.CausalConvWithState}, which wants channels before tokens. */
@AutoService(OnnxLowering.class)
public final class CausalConvWithState implements OnnxLowering {
    @Override
    public String name() {
        return "causal_conv_with_state";
    }

    @Override
    public String op() {
        return "causal_conv";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Answer supports(Composite c) {
        CausalConv op = (CausalConv) c.op();
        if (op.padded()) {
            return Answer.no("the operator takes the state after the last token, padding or not");
        }
        return Answer.onlyIf(c.input("weight").type().fixedDim(1) > 1, "a kernel of one token has no state");
    }

    @Override
    public List<OnnxRewrite.Limit> limits(Composite c) {
        return List.of(
                OnnxRewrite.Limit.atLeast(c.input("x").type().dim(1), 1, c.label() + " needs a token on ONNX Runtime"));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        TensorType weight = c.input("weight").type();
        String kernel = w.reshape(w.f32(c.input("weight")), List.of(weight.dim(0), Dim.of(1), weight.dim(1)));
        List<String> inputs = new ArrayList<>(List.of(swapped(w, w.name(c.input("x"))), kernel));
        inputs.add(((CausalConv) c.op()).hasBias() ? w.f32(c.input("bias")) : "");
        inputs.add(swapped(w, w.name(c.input("state"))));
        List<String> out =
                w.ops("com.microsoft", "CausalConvWithState", inputs, 2, Attributes.of("activation", "none"));
        return out.stream().map(name -> swapped(w, name)).toList();
    }

    private static String swapped(OnnxWriter w, String name) {
        return w.op("Transpose", List.of(name), Attributes.of("perm", new long[] {0, 2, 1}));
    }
}
