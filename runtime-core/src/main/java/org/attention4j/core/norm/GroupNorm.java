package org.attention4j.core.norm;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * Layer norm of each of {@code groups} equal parts of the last dimension: x {@code F32[..., dim]}, weight and bias
 * {@code [dim]}; the result has x's type. Every position is normalised by itself, as RWKV does with its heads.
 *
 * @param groups how many parts
 * @param eps added to the variance
 */
public record GroupNorm(int groups, double eps) implements CompositeOp {
    public GroupNorm {
        Normalize.requireEps("group_norm", eps);
        if (groups < 1) {
            throw new IllegalArgumentException("group_norm: groups is %d, expected at least 1".formatted(groups));
        }
    }

    @Override
    public String name() {
        return "group_norm";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x", "weight", "bias");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 1);
        Normalize.requireMultiple(in, x, "groups", groups);
        in.vector("weight", x.dim(-1));
        in.vector("bias", x.dim(-1));
        return ImmutableList.of(x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value x = inputs.get(0);
        Value parts = Normalize.split(b, x, groups, x.type().fixedDim(-1) / groups);
        Value y = b.reshape(
                b.apply(new LayerNorm(eps, false, false), parts), x.type().dims());
        return ImmutableList.of(b.add(b.mul(y, b.toF32(inputs.get(1))), b.toF32(inputs.get(2))));
    }
}
