package org.attention4j.onnx.norm;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.OnnxRewrite;

/** {@code x / √(Σ x² + eps) = x / √(mean x² + eps / n) / √n}, which is one node. (ONNX's own {@code LpNormalization} has no eps.) */
@AutoService(OnnxRewrite.class)
public final class L2Normalization implements OnnxRewrite {
    @Override
    public String name() {
        return "rms_normalization";
    }

    @Override
    public String op() {
        return "l2_norm";
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.onlyIf(c.input("x").type().dim(-1).isFixed(), "the last dimension of x must have a fixed size");
    }

    @Override
    public List<Value> rewrite(GraphBuilder b, Composite c, List<Value> inputs) {
        L2Norm op = (L2Norm) c.op();
        Value x = inputs.getFirst();
        float[] scale = new float[Math.toIntExact(x.type().fixedDim(-1))];
        Arrays.fill(scale, (float) (1 / Math.sqrt(scale.length)));
        Value weight = b.constant("1/√" + scale.length, Tensor.f32(Shape.of(scale.length), scale));
        return ImmutableList.of(b.apply(new RmsNorm(op.eps() / scale.length), x, weight));
    }
}
