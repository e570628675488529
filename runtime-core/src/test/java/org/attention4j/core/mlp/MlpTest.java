package org.attention4j.core.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MlpTest {
    private static final Tensor X = Tensor.f32(Shape.of(1, 2), 1, 2);
    private static final Tensor UP = Tensor.f32(Shape.of(3, 2), 1, 1, 1, -1, 0, 2);
    private static final Tensor DOWN = Tensor.f32(Shape.of(2, 3), 1, 1, 1, 0, 5, -1);

    @Test
    void appliesUpActivationDown() {
        // up·x = 3, −1, 4; squared above 0: 9, 0, 16.
        assertArrayEquals(new float[] {25, -16}, OneOp.run(new Mlp(Activation.RELU2, false), X, UP, DOWN));
    }

    @Test
    void addsBiasesToBothProducts() {
        Tensor upBias = Tensor.f32(Shape.of(3), 0, 3, -4);
        Tensor downBias = Tensor.f32(Shape.of(2), 100, 200);
        // up·x + bias = 3, 2, 0; squared: 9, 4, 0.
        float[] y = OneOp.run(new Mlp(Activation.RELU2, true), X, UP, DOWN, upBias, downBias);
        assertArrayEquals(new float[] {113, 220}, y);
    }

    @Test
    void refusesADownThatDoesNotFitUp() {
        assertEquals(
                "mlp: input down is F32[2, 4], expected dims [2, 3]",
                OneOp.refusal(
                        new Mlp(Activation.RELU, false),
                        TensorType.of(DType.F32, Shape.of(1, 2)),
                        TensorType.of(DType.F32, Shape.of(3, 2)),
                        TensorType.of(DType.F32, Shape.of(2, 4))));
    }
}
