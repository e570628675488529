package org.attention4j.core.mlp;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;

/**
 * {@code down·act(up·x)}: x {@code F32[..., dim]}, up {@code [hidden, dim]}, down {@code [dim, hidden]}, up_bias
 * {@code [hidden]}, down_bias {@code [dim]}; the result has x's type. Weights are as in {@link Linear}.
 *
 * @param bias whether there are biases
 */
public record Mlp(Activation activation, boolean bias) implements CompositeOp {
    @Override
    public String name() {
        return "mlp";
    }

    @Override
    public List<String> inputNames() {
        return bias ? ImmutableList.of("x", "up", "down", "up_bias", "down_bias") : ImmutableList.of("x", "up", "down");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 2);
        Dim dim = x.dim(-1);
        Dim hidden = in.matrix("up").dim(0);
        in.matrix("up", hidden, dim);
        in.matrix("down", dim, hidden);
        if (bias) {
            in.vector("up_bias", hidden);
            in.vector("down_bias", dim);
        }
        return ImmutableList.of(x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value hidden = b.apply(new Activate(activation), linear(b, inputs.get(0), inputs, 1));
        return ImmutableList.of(linear(b, hidden, inputs, 2));
    }

    /** x times the i-th input, plus its bias, which stands two places after it. */
    private Value linear(GraphBuilder b, Value x, List<Value> inputs, int i) {
        Linear linear = new Linear(bias);
        return bias ? b.apply(linear, x, inputs.get(i), inputs.get(i + 2)) : b.apply(linear, x, inputs.get(i));
    }
}
