package org.attention4j.core.norm;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * Root-mean-square norm over the last dimension: x {@code F32[..., dim]}, weight {@code [dim]}; the result has x's type.
 *
 * @param eps added to the mean of squares
 * @param weightOffset added to the weight: 1 in the Gemma family, else 0
 */
public record RmsNorm(double eps, double weightOffset) implements CompositeOp {
    public RmsNorm {
        Normalize.requireEps("rms_norm", eps);
    }

    /** Without an offset. */
    public RmsNorm(double eps) {
        this(eps, 0);
    }

    @Override
    public String name() {
        return "rms_norm";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x", "weight");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 1);
        in.vector("weight", x.dim(-1));
        return ImmutableList.of(x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value weight = b.toF32(inputs.get(1));
        Value scale = weightOffset == 0 ? weight : b.add(weight, weightOffset);
        return ImmutableList.of(b.mul(Normalize.byRoot(b, ReduceKind.MEAN, inputs.get(0), eps), scale));
    }
}
