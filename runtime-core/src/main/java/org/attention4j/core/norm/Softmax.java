package org.attention4j.core.norm;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * {@code exp(x) / Σ exp(x)} over the last dimension: x {@code F32[..., dim]}; the result has x's type. Where all entries are −∞,
 * it is not a number.
 */
public record Softmax() implements CompositeOp {
    @Override
    public String name() {
        return "softmax";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        return ImmutableList.of(InputTypes.of(this, inputs).activation("x", 1));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value x = inputs.getFirst();
        Value weights = b.unary(UnaryKind.EXP, b.sub(x, b.reduce(ReduceKind.MAX, x, true, -1)));
        return ImmutableList.of(b.div(weights, b.reduce(ReduceKind.SUM, weights, true, -1)));
    }
}
