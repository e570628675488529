package org.attention4j.core.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RmsNormTest {
    /** Its rows' mean squares are 4 and 25. */
    private static final Tensor X = Tensor.f32(Shape.of(2, 4), 2, -2, 2, 2, 1, 7, -5, 5);

    private static final Tensor WEIGHT = Tensor.f32(Shape.of(4), 1, 2, 3, -1);

    @Test
    void dividesByTheRootMeanSquare() {
        float[] expected = {1, -2, 3, -1, 0.2f, 2.8f, -3, -1};
        assertArrayEquals(expected, OneOp.run(new RmsNorm(0), X, WEIGHT), 1e-6f);
    }

    @Test
    void addsTheOffsetToTheWeight() {
        float[] expected = {2, -3, 4, 0, 0.4f, 4.2f, -4, 0};
        assertArrayEquals(expected, OneOp.run(new RmsNorm(0, 1), X, WEIGHT), 1e-6f);
    }

    @Test
    void epsilonCountsAsMeanSquare() {
        float[] y = OneOp.run(new RmsNorm(5), Tensor.f32(Shape.of(1, 4), 2, -2, 2, 2), WEIGHT);
        assertArrayEquals(new float[] {2f / 3, -4f / 3, 2, -2f / 3}, y, 1e-6f);
        Tensor zeros = Tensor.zeros(DType.F32, Shape.of(1, 4));
        assertArrayEquals(new float[4], OneOp.run(new RmsNorm(1e-6), zeros, WEIGHT), 1e-9f);
    }

    @Test
    void refusesWhatDoesNotFit() {
        TensorType x = TensorType.of(DType.F32, Shape.of(2, 4));
        assertEquals(
                "rms_norm: input weight is F32[8], expected dims [4] of a float dtype",
                OneOp.refusal(new RmsNorm(1e-6), x, TensorType.of(DType.F32, Shape.of(8))));
        assertEquals(
                "rms_norm: eps is -1.0, expected a number of at least 0",
                assertThrows(IllegalArgumentException.class, () -> new RmsNorm(-1))
                        .getMessage());
    }
}
