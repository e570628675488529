package org.attention4j.core.norm;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;

/**
 * Mamba-2's gated norm, the gate first: {@code rms_norm(x ⊙ silu(gate)) · weight} over groups of the last dimension: x and
 * gate {@code F32[..., dim]}, weight {@code [dim]}; the result has x's type.
 *
 * @param eps added to the mean of squares
 * @param groupSize how many consecutive entries are normalised together; dim for all of them
 */
public record GatedRmsNorm(double eps, long groupSize) implements CompositeOp {
    public GatedRmsNorm {
        Normalize.requireEps("gated_rms_norm", eps);
        if (groupSize < 1) {
            throw new IllegalArgumentException(
                    "gated_rms_norm: groupSize is %d, expected at least 1".formatted(groupSize));
        }
    }

    @Override
    public String name() {
        return "gated_rms_norm";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x", "gate", "weight");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 1);
        Normalize.requireMultiple(in, x, "groupSize", groupSize);
        in.require(in.get("gate").equals(x), "gate", "the type of x: " + x);
        in.vector("weight", x.dim(-1));
        return ImmutableList.of(x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value x = inputs.get(0);
        Value gated = b.mul(x, b.apply(new Activate(Activation.SILU), inputs.get(1)));
        long dim = x.type().fixedDim(-1);
        if (groupSize == dim) {
            return ImmutableList.of(b.apply(new RmsNorm(eps), gated, inputs.get(2)));
        }
        Value parts = Normalize.split(b, gated, dim / groupSize, groupSize);
        Value y = b.reshape(
                Normalize.byRoot(b, ReduceKind.MEAN, parts, eps), x.type().dims());
        return ImmutableList.of(b.mul(y, b.toF32(inputs.get(2))));
    }
}
