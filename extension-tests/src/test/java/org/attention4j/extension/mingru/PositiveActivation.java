package org.attention4j.extension.mingru;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/** {@code x + ½} where x ≥ 0, else {@code σ(x)}: positive and continuous. Input and result: F32 of any dims. */
record PositiveActivation() implements CompositeOp {
    @Override
    public String name() {
        return "positive_activation";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x");
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        if (in.getFirst().dtype() != DType.F32) {
            throw new IllegalArgumentException("positive_activation: x is %s, expected F32".formatted(in.getFirst()));
        }
        return in;
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value x = in.getFirst();
        Value isPositive = b.binary(BinaryKind.LESS_EQUAL, b.scalar(DType.F32, 0), x);
        return ImmutableList.of(b.where(isPositive, b.add(x, 0.5), b.unary(UnaryKind.SIGMOID, x)));
    }
}
