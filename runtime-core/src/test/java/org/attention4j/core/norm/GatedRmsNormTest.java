package org.attention4j.core.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GatedRmsNormTest {
    private static final Tensor X = Tensor.f32(Shape.of(1, 4), 1, -2, 3, 4);
    private static final Tensor GATE = Tensor.f32(Shape.of(1, 4), 0.5f, 2, -1, 3);
    private static final Tensor WEIGHT = Tensor.f32(Shape.of(4), 1, 2, 3, 4);

    @Test
    void normalisesTheGatedValues() {
        Tensor gated = Tensor.zeros(DType.F32, X.shape());
        for (int i = 0; i < 4; i++) {
            double gate = GATE.getDouble(i);
            gated.setDouble(i, X.getDouble(i) * gate / (1 + Math.exp(-gate)));
        }
        float[] expected = OneOp.run(new RmsNorm(1e-5), gated, WEIGHT);
        assertArrayEquals(expected, OneOp.run(new GatedRmsNorm(1e-5, 4), X, GATE, WEIGHT), 1e-6f);
    }

    @Test
    void groupsAreNormalisedByThemselves() {
        float[] y = OneOp.run(new GatedRmsNorm(0, 1), X, GATE, WEIGHT);
        assertArrayEquals(new float[] {1, -2, -3, 4}, y, 1e-5f);
    }

    @Test
    void refusesAnotherGate() {
        TensorType x = TensorType.of(DType.F32, Shape.of(1, 4));
        TensorType weight = TensorType.of(DType.F32, Shape.of(4));
        assertEquals(
                "gated_rms_norm: input gate is F32[4], expected the type of x: F32[1, 4]",
                OneOp.refusal(new GatedRmsNorm(0, 2), x, weight, weight));
    }
}
