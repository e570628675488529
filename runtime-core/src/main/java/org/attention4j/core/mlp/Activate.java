package org.attention4j.core.mlp;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/** An activation, elementwise: x {@code F32[...]}; the result has x's type. */
public record Activate(Activation activation) implements CompositeOp {
    @Override
    public String name() {
        return "activate";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        return ImmutableList.of(InputTypes.of(this, inputs).activation("x", 0));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        return ImmutableList.of(activation.append(b, inputs.getFirst()));
    }
}
