package org.attention4j.core.linear;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * {@code y = x·weightᵀ (+ bias)}: x {@code F32[..., in]}, weight {@code [out, in]} of any float dtype or block-quantised,
 * bias {@code [out]} of any float dtype; y {@code F32[..., out]}.
 *
 * @param bias whether there is a bias
 */
public record Linear(boolean bias) implements CompositeOp {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public List<String> inputNames() {
        return bias ? ImmutableList.of("x", "weight", "bias") : ImmutableList.of("x", "weight");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 2);
        TensorType weight = in.matrix("weight");
        in.require(
                x.dim(-1).equals(weight.dim(1)),
                "x",
                "a last dimension of %s as in weight %s".formatted(weight.dim(1), weight));
        if (bias) {
            in.vector("bias", weight.dim(0));
        }
        List<Dim> dims = new ArrayList<>(x.dims());
        dims.set(x.rank() - 1, weight.dim(0));
        return ImmutableList.of(new TensorType(DType.F32, dims));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value y = b.matMulTransposed(inputs.get(0), b.toF32(inputs.get(1)));
        return ImmutableList.of(bias ? b.add(y, b.toF32(inputs.get(2))) : y);
    }
}
