package org.attention4j.core.norm;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * Layer norm over the last dimension: x {@code F32[..., dim]}, weight and bias {@code [dim]}; the result has x's type.
 *
 * @param eps added to the variance
 * @param weight whether there is a weight (OLMo has none)
 * @param bias whether there is a bias
 */
public record LayerNorm(double eps, boolean weight, boolean bias) implements CompositeOp {
    public LayerNorm {
        Normalize.requireEps("layer_norm", eps);
    }

    @Override
    public String name() {
        return "layer_norm";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.<String>builder().add("x");
        if (weight) {
            names.add("weight");
        }
        if (bias) {
            names.add("bias");
        }
        return names.build();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 1);
        inputNames().stream().skip(1).forEach(parameter -> in.vector(parameter, x.dim(-1)));
        return ImmutableList.of(x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value y = Normalize.standardize(b, inputs.getFirst(), eps);
        if (weight) {
            y = b.mul(y, b.toF32(inputs.get(1)));
        }
        return ImmutableList.of(bias ? b.add(y, b.toF32(inputs.getLast())) : y);
    }
}
