package org.attention4j.onnx.mamba;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.TensorType;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.x86.SelectiveScanKernel;

/** One node for all tokens, by code that is generated for this machine's processor: nothing of tokens × channels × states is stored. */
@AutoService(OnnxLowering.class)
public final class GeneratedScan implements OnnxLowering {
    @Override
    public String name() {
        return "generated_scan";
    }

    @Override
    public String op() {
        return "selective_scan";
    }

    @Override
    public Answer supports(Composite c) {
        TensorType a = c.input("a").type();
        if (!a.dim(0).isFixed() || !a.dim(1).isFixed()) {
            return Answer.no("code is generated for fixed numbers of channels and states");
        }
        return Answer.onlyIf(
                a.fixedDim(1) <= SelectiveScanKernel.MOST_STATES,
                "a channel has %d states, of which there may be %d"
                        .formatted(a.fixedDim(1), SelectiveScanKernel.MOST_STATES));
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        return context.noGeneratedCode().map(Answer::no).orElseGet(() -> supports(c));
    }

    @Override
    public List<OnnxRewrite.Limit> limits(Composite c) {
        return List.of(
                OnnxRewrite.Limit.atLeast(c.input("u").type().dim(1), 1, c.label() + " needs a token on ONNX Runtime"));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        TensorType a = c.input("a").type();
        w.updateInPlace(c.input("state"));
        return w.ops(
                CustomOps.DOMAIN,
                CustomOps.SELECTIVE_SCAN,
                c.inputs().stream().map(w::f32).toList(),
                2,
                Attributes.of(CustomOps.CHANNELS, a.fixedDim(0)),
                Attributes.of(CustomOps.STATES, a.fixedDim(1)));
    }
}
