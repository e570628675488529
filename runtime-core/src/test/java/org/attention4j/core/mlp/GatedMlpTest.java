package org.attention4j.core.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.OneOp;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GatedMlpTest {
    private static final Tensor X = Tensor.f32(Shape.of(1, 2), 1, 2);
    private static final Tensor GATE = Tensor.f32(Shape.of(3, 2), 1, 1, 1, -1, 0, 2);
    private static final Tensor UP = Tensor.f32(Shape.of(3, 2), 1, 0, 0, 1, 1, 1);
    private static final Tensor DOWN = Tensor.f32(Shape.of(2, 3), 1, 1, 1, 0, 5, -1);

    @Test
    void gatesTheUpProjection() {
        // relu(gate·x) = 3, 0, 4; up·x = 1, 2, 3; together 3, 0, 12.
        assertArrayEquals(new float[] {15, -12}, OneOp.run(new GatedMlp(Activation.RELU, false), X, GATE, UP, DOWN));
    }

    @Test
    void addsBiasesToAllProducts() {
        Tensor gateBias = Tensor.f32(Shape.of(3), 0, 2, -5);
        Tensor upBias = Tensor.f32(Shape.of(3), 1, 2, 3);
        Tensor downBias = Tensor.f32(Shape.of(2), 100, 200);
        // relu(gate·x + bias) = 3, 1, 0; up·x + bias = 2, 4, 6; together 6, 4, 0.
        GatedMlp op = new GatedMlp(Activation.RELU, true);
        float[] y = OneOp.run(op, X, GATE, UP, DOWN, gateBias, upBias, downBias);
        assertArrayEquals(new float[] {110, 220}, y);
    }

    @Test
    void quantisedWeightsReachLinearAsTheyAre() {
        Tensor x = Tensor.zeros(DType.F32, Shape.of(1, 32));
        Tensor up = Tensor.zeros(DType.Q8_0, Shape.of(64, 32));
        Tensor down = Tensor.zeros(DType.Q4_0, Shape.of(32, 64));
        Graph graph = OneOp.graph(new GatedMlp(Activation.SILU, false), x, up, up, down);
        Graph expanded = Expansion.expand(
                graph, c -> c.op() instanceof Linear ? Optional.empty() : Decomposer.ALL.decompositionOf(c));
        List<String> weights = expanded.ops().stream()
                .filter(op -> op instanceof Composite)
                .map(op -> op.inputs().get(1).id())
                .toList();
        assertEquals(List.of("gate", "up", "down"), weights);
    }

    @Test
    void refusesAnUpThatDoesNotFitGate() {
        TensorType matrix = TensorType.of(DType.BF16, Shape.of(3, 2));
        assertEquals(
                "gated_mlp: input up is BF16[4, 2], expected dims [3, 2]",
                OneOp.refusal(
                        new GatedMlp(Activation.SILU, false),
                        TensorType.of(DType.F32, Shape.of(1, 2)),
                        matrix,
                        TensorType.of(DType.BF16, Shape.of(4, 2)),
                        matrix));
    }
}
