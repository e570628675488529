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
 * {@code down·(act(gate·x) ⊙ up·x)}: x {@code F32[..., dim]}, gate and up {@code [hidden, dim]}, down {@code [dim, hidden]},
 * gate_bias and up_bias {@code [hidden]}, down_bias {@code [dim]}; the result has x's type. Weights are as in {@link Linear}.
 *
 * @param bias whether there are biases
 */
public record GatedMlp(Activation activation, boolean bias) implements CompositeOp {
    @Override
    public String name() {
        return "gated_mlp";
    }

    @Override
    public List<String> inputNames() {
        return bias
                ? ImmutableList.of("x", "gate", "up", "down", "gate_bias", "up_bias", "down_bias")
                : ImmutableList.of("x", "gate", "up", "down");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 2);
        Dim dim = x.dim(-1);
        Dim hidden = in.matrix("gate").dim(0);
        in.matrix("gate", hidden, dim);
        in.matrix("up", hidden, dim);
        in.matrix("down", dim, hidden);
        if (bias) {
            in.vector("gate_bias", hidden);
            in.vector("up_bias", hidden);
            in.vector("down_bias", dim);
        }
        return ImmutableList.of(x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value x = inputs.get(0);
        Value gate = b.apply(new Activate(activation), linear(b, x, inputs, 1));
        return ImmutableList.of(linear(b, b.mul(gate, linear(b, x, inputs, 2)), inputs, 3));
    }

    /** x times the i-th input, plus its bias, which stands three places after it. */
    private Value linear(GraphBuilder b, Value x, List<Value> inputs, int i) {
        Linear linear = new Linear(bias);
        return bias ? b.apply(linear, x, inputs.get(i), inputs.get(i + 3)) : b.apply(linear, x, inputs.get(i));
    }
}
