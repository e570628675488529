package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.norm.GatedRmsNorm;
import org.attention4j.core.norm.GroupNorm;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;

/** Normalisations. */
@AutoService(OpCase.class)
public final class NormCases implements OpCase {
    @Override
    public Set<String> ops() {
        return Set.of("rms_norm_llama", "rms_norm_gemma", "layer_norm", "group_norm", "gated_rms_norm_mamba2");
    }

    @Override
    public Graph build(GoldenCase golden) {
        CompositeOp op = op(golden);
        return OneOp.graph(golden, op, op.inputNames());
    }

    private static CompositeOp op(GoldenCase golden) {
        double eps = golden.attrs().number("eps");
        return switch (golden.op()) {
            case "rms_norm_llama", "rms_norm_gemma" ->
                new RmsNorm(eps, golden.attrs().number("weight_offset", 0));
            case "layer_norm" ->
                new LayerNorm(
                        eps,
                        golden.inputs().containsKey("weight"),
                        golden.inputs().containsKey("bias"));
            case "group_norm" -> new GroupNorm(golden.attrs().size("groups"), eps);
            case "gated_rms_norm_mamba2" ->
                new GatedRmsNorm(eps, golden.input("x").fixedDim(-1));
            default -> throw new IllegalArgumentException("no norm is called " + golden.op());
        };
    }
}
