package org.attention4j.core.moe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ExpertsTest {
    private static final Gating REGLU = new Gating.Glu(Activation.RELU);
    private static final Experts SEPARATE = new Experts(GateUp.SEPARATE, REGLU, false);

    /** Two tokens; experts of one hidden entry each; the middle one is not chosen. */
    private static final Tensor X = Tensor.f32(Shape.of(2, 2), 1, 2, 3, 4);

    private static final Tensor IDS = Tensor.i64(Shape.of(2, 2), 2, 0, 0, 2);
    private static final Tensor WEIGHTS = Tensor.f32(Shape.of(2, 2), 10, 1, 0.5f, 0);
    private static final float NAN = Float.NaN;
    private static final Tensor GATE = Tensor.f32(Shape.of(3, 1, 2), 1, 0, NAN, NAN, 0, 1);
    private static final Tensor UP = Tensor.f32(Shape.of(3, 1, 2), 1, 1, NAN, NAN, 1, -1);
    private static final Tensor DOWN = Tensor.f32(Shape.of(3, 2, 1), 1, 2, NAN, NAN, 3, -1);

    @Test
    void sumsTheWeightedChosenExpertsAndReadsNoOther() {
        // Token 0: expert 0 has hidden 1·3, expert 2 has 2·−1; token 1: expert 0 has 3·7.
        float[] expected = {10 * 3 * -2 + 3, 10 * -1 * -2 + 2 * 3, 0.5f * 21, 0.5f * 42};
        assertArrayEquals(expected, OneOp.run(SEPARATE, X, IDS, WEIGHTS, GATE, UP, DOWN));
    }

    @Test
    void gateAndUpMayBeOneStack() {
        Tensor x = Tensor.f32(Shape.of(1, 1), 1);
        Tensor id = Tensor.i64(Shape.of(1, 1), 0);
        Tensor weight = Tensor.f32(Shape.of(1, 1), 1);
        Tensor gateUp = Tensor.f32(Shape.of(1, 4, 1), 2, 3, 5, 7);
        Tensor down = Tensor.f32(Shape.of(1, 1, 2), 1, 100);
        Experts concatenated = new Experts(GateUp.CONCATENATED, REGLU, false);
        assertArrayEquals(new float[] {2 * 5 + 2100}, OneOp.run(concatenated, x, id, weight, gateUp, down));
        Experts interleaved = new Experts(GateUp.INTERLEAVED, REGLU, false);
        assertArrayEquals(new float[] {2 * 3 + 3500}, OneOp.run(interleaved, x, id, weight, gateUp, down));
    }

    @Test
    void eachExpertHasItsBiases() {
        Tensor gateBias = Tensor.f32(Shape.of(3, 1), 1, NAN, 2);
        Tensor upBias = Tensor.f32(Shape.of(3, 1), 0, NAN, 5);
        Tensor downBias = Tensor.f32(Shape.of(3, 2), 100, 200, NAN, NAN, 300, 400);
        // Token 0: expert 0 has hidden 2·3, expert 2 has 4·4; token 1: expert 0 has 4·7.
        float[] expected = {10 * (48 + 300) + 106, 10 * (-16 + 400) + 212, 0.5f * 128, 0.5f * 256};
        Experts biased = new Experts(GateUp.SEPARATE, REGLU, true);
        assertArrayEquals(expected, OneOp.run(biased, X, IDS, WEIGHTS, GATE, UP, DOWN, gateBias, upBias, downBias));
    }

    @Test
    void clampsAndShifts() {
        Tensor x = Tensor.f32(Shape.of(2, 1), 1, -1);
        Tensor ids = Tensor.i64(Shape.of(2, 1), 0, 0);
        Tensor weights = Tensor.f32(Shape.of(2, 1), 1, 1);
        Tensor gateUp = Tensor.f32(Shape.of(1, 2, 1), 9, 10);
        Tensor down = Tensor.f32(Shape.of(1, 1, 1), 1);
        Experts experts = new Experts(GateUp.INTERLEAVED, new Gating.ClampedGlu(0.5, 7), false);
        double high = 8 * 7 / (1 + Math.exp(-3.5));
        double low = -6 * -9 / (1 + Math.exp(4.5));
        assertArrayEquals(
                new float[] {(float) high, (float) low}, OneOp.run(experts, x, ids, weights, gateUp, down), 1e-5f);
    }

    @Test
    void refusesStacksThatDoNotFit() {
        TensorType x = TensorType.of(DType.F32, Shape.of(5, 2));
        TensorType ids = TensorType.of(DType.I64, Shape.of(5, 2));
        TensorType weights = TensorType.of(DType.F32, Shape.of(5, 2));
        TensorType stack = TensorType.of(DType.BF16, Shape.of(3, 4, 2));
        TensorType down = TensorType.of(DType.BF16, Shape.of(3, 2, 4));
        assertEquals(
                "experts: input up is BF16[3, 2, 4], expected dims [3, 4, 2]",
                OneOp.refusal(SEPARATE, x, ids, weights, stack, down, down));
        assertEquals(
                "experts: input down is BF16[3, 4, 2], expected dims [3, 2, 4]",
                OneOp.refusal(SEPARATE, x, ids, weights, stack, stack, stack));
        assertEquals(
                "experts: input ids is F32[5, 2], expected I64[5, 2]",
                OneOp.refusal(SEPARATE, x, weights, weights, stack, stack, down));
        assertEquals(
                "experts: input gate is F32[5, 2], expected three dimensions of a float or block-quantised dtype",
                OneOp.refusal(SEPARATE, x, ids, weights, x, stack, down));
        TensorType odd = TensorType.of(DType.BF16, Shape.of(3, 5, 2));
        assertEquals(
                "experts: input gate_up is BF16[3, 5, 2], expected an even number of rows for each expert",
                OneOp.refusal(new Experts(GateUp.INTERLEAVED, REGLU, false), x, ids, weights, odd, down));
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Gating.ClampedGlu(1.702, 0));
        assertEquals("experts: alpha is 1.702 and limit 0.0, expected a finite and a positive number", e.getMessage());
    }
}
