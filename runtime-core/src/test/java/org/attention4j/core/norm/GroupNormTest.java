package org.attention4j.core.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GroupNormTest {
    @Test
    void normalisesEachGroupByItself() {
        Tensor x = Tensor.f32(Shape.of(2, 4), 1, 5, 100, 300, -1, 1, 7, 9);
        Tensor weight = Tensor.f32(Shape.of(4), 1, 2, 3, 4);
        Tensor bias = Tensor.f32(Shape.of(4), 0, 0, 10, 10);
        float[] expected = {-1, 2, 7, 14, -1, 2, 7, 14};
        assertArrayEquals(expected, OneOp.run(new GroupNorm(2, 0), x, weight, bias), 1e-5f);
    }

    @Test
    void oneGroupIsLayerNorm() {
        Tensor x = Tensor.f32(Shape.of(1, 2, 3), 1, 5, -2, 0.5f, 8, 3);
        Tensor weight = Tensor.f32(Shape.of(3), 1, -2, 3);
        Tensor bias = Tensor.f32(Shape.of(3), 4, 5, 6);
        float[] layerNorm = OneOp.run(new LayerNorm(64e-5, true, true), x, weight, bias);
        assertArrayEquals(layerNorm, OneOp.run(new GroupNorm(1, 64e-5), x, weight, bias), 1e-6f);
    }

    @Test
    void refusesGroupsThatDoNotDivide() {
        TensorType vector = TensorType.of(DType.F32, Shape.of(6));
        assertEquals(
                "group_norm: input x is F32[6], expected a last dimension that is a multiple of groups 4",
                OneOp.refusal(new GroupNorm(4, 0), vector, vector, vector));
    }
}
