package org.attention4j.onnx.mlp;

import static org.attention4j.core.backend.Plan.DECOMPOSED;

import java.util.List;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationNodeTest {
    private static final List<List<Tensor>> RUNS = List.of(
            List.of(RandomTensors.uniform(1, -6, 6, Shape.of(999))),
            List.of(RandomTensors.uniform(2, -100, 100, Shape.of(100))),
            List.of(Tensor.f32(Shape.of(6), 0, -0f, 1e-30f, -1e-30f, 1e30f, -1e30f)),
            List.of(Tensor.zeros(DType.F32, Shape.of(0))));

    @ParameterizedTest
    @EnumSource(Activation.class)
    void agreesWithTheReference(Activation activation) {
        String lowering = switch (activation) {
            case SILU, QUICK_GELU, GELU, GELU_TANH, RELU, SOFTPLUS -> "node";
            case SIGMOID, TANH, RELU2, ELU1, LOG_SIGMOID -> DECOMPOSED;
        };
        new OneOp(new Activate(activation))
                .input(TensorType.of(DType.F32, Dims.SEQ))
                .check(lowering, new Tolerance(3e-6, 3e-6), RUNS);
    }
}
