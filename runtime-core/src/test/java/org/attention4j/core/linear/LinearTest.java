package org.attention4j.core.linear;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.OneOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearTest {
    private static final Tensor X = Tensor.f32(Shape.of(1, 2, 3), 1, 2, 3, -1, 0, 4);
    private static final Tensor WEIGHT = Tensor.f32(Shape.of(2, 3), 1, 0, 2, -1, 3, 0.5f);

    @Test
    void multipliesByTheTransposedWeight() {
        assertArrayEquals(new float[] {7, 6.5f, 7, 3}, OneOp.run(new Linear(false), X, WEIGHT));
    }

    @Test
    void addsTheBias() {
        Tensor bias = Tensor.f32(Shape.of(2), 10, -1);
        assertArrayEquals(new float[] {17, 5.5f, 17, 2}, OneOp.run(new Linear(true), X, WEIGHT, bias));
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F16", "BF16"})
    void takesEveryFloatDtype(DType dtype) {
        Tensor weight = Tensor.zeros(dtype, WEIGHT.shape());
        for (int i = 0; i < 6; i++) {
            weight.setDouble(i, WEIGHT.getDouble(i));
        }
        assertArrayEquals(new float[] {7, 6.5f, 7, 3}, OneOp.run(new Linear(false), X, weight));
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q8_0", "Q4_K", "Q6_K"})
    void takesQuantisedWeights(DType dtype) {
        Shape shape = Shape.of(3, 256);
        Tensor weight = QuantizedRows.arbitrary(dtype, shape);
        Tensor plain = Tensor.f32(shape, weight.toFloatArray());
        Tensor x = Tensor.zeros(DType.F32, Shape.of(2, 256));
        for (int i = 0; i < 512; i++) {
            x.setDouble(i, Math.sin(i));
        }
        float[] expected = OneOp.run(new Linear(false), x, plain);
        assertArrayEquals(expected, OneOp.run(new Linear(false), x, weight), 1e-3f);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Dim seq = Dim.symbol("seq");
        TensorType weight = TensorType.of(DType.Q8_0, Shape.of(8, 32));
        assertEquals(
                "linear: input x is F32[seq, 64], expected a last dimension of 32 as in weight Q8_0[8, 32]",
                OneOp.refusal(new Linear(false), TensorType.of(DType.F32, seq, Dim.of(64)), weight));
        assertEquals(
                "linear: input bias is F32[32], expected dims [8] of a float dtype",
                OneOp.refusal(
                        new Linear(true),
                        TensorType.of(DType.F32, seq, Dim.of(32)),
                        weight,
                        TensorType.of(DType.F32, Shape.of(32))));
    }
}
