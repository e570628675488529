package org.attention4j.onnx.rwkv;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.rwkv.TokenShift;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** One node of three copies, instead of putting all tokens together and taking them apart again. */
@AutoService(OnnxLowering.class)
public final class CopiedShift implements OnnxLowering {
    @Override
    public String name() {
        return "copied_shift";
    }

    @Override
    public String op() {
        return "token_shift";
    }

    @Override
    public Answer supports(Composite c) {
        if (!c.input("x").type().dim(2).isFixed()) {
            return Answer.no("the number of channels is not fixed");
        }
        return Answer.onlyIf(!((TokenShift) c.op()).padded(), "sequences have padding");
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        return context.noGeneratedCode().map(Answer::no).orElseGet(() -> supports(c));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        List<String> names = w.ops(
                CustomOps.DOMAIN,
                CustomOps.TOKEN_SHIFT,
                c.inputs().stream().map(w::f32).toList(),
                2,
                Attributes.of(CustomOps.CHANNELS, c.input("x").type().fixedDim(2)));
        for (int i = 0; i < names.size(); i++) {
            TensorType type = c.outputs().get(i).type();
            w.declare(names.get(i), type);
        }
        return names;
    }
}
