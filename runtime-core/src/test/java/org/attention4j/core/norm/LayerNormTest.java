package org.attention4j.core.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.attention4j.core.OneOp;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LayerNormTest {
    /** Mean 3, variance 4. */
    private static final Tensor X = Tensor.f32(Shape.of(1, 4), 1, 5, 5, 1);

    private static final Tensor WEIGHT = Tensor.f32(Shape.of(4), 1, 2, 3, 4);
    private static final Tensor BIAS = Tensor.f32(Shape.of(4), 10, 20, 30, 40);

    @Test
    void centresAndScales() {
        assertArrayEquals(new float[] {-1, 1, 1, -1}, OneOp.run(new LayerNorm(0, false, false), X), 1e-6f);
    }

    @Test
    void epsilonCountsAsVariance() {
        float third = 2f / 3;
        float[] expected = {-third, third, third, -third};
        assertArrayEquals(expected, OneOp.run(new LayerNorm(5, false, false), X), 1e-6f);
    }

    @Test
    void takesWeightAndBiasByThemselves() {
        assertArrayEquals(new float[] {-1, 2, 3, -4}, OneOp.run(new LayerNorm(0, true, false), X, WEIGHT), 1e-5f);
        assertArrayEquals(new float[] {9, 21, 31, 39}, OneOp.run(new LayerNorm(0, false, true), X, BIAS), 1e-5f);
        float[] both = OneOp.run(new LayerNorm(0, true, true), X, WEIGHT, BIAS);
        assertArrayEquals(new float[] {9, 22, 33, 36}, both, 1e-5f);
        assertEquals(List.of("x", "bias"), new LayerNorm(0, false, true).inputNames());
    }

    @Test
    void varianceSurvivesALargeMean() {
        Tensor x = Tensor.f32(Shape.of(1, 4), 10001, 10005, 10005, 10001);
        assertArrayEquals(new float[] {-1, 1, 1, -1}, OneOp.run(new LayerNorm(0, false, false), x), 1e-6f);
    }
}
