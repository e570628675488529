package org.attention4j.core.rope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RopeTableTest {
    private static final double THETA = 10_000;

    private static void assertTable(RopeScaling scaling, double[] freqs, long[] positions, List<float[]> actual) {
        for (int t = 0; t < positions.length; t++) {
            for (int i = 0; i < freqs.length; i++) {
                double angle = positions[t] * freqs[i];
                int at = t * freqs.length + i;
                assertEquals(Math.cos(angle) * scaling.attentionFactor(), actual.get(0)[at], 1e-5, "cos at " + at);
                assertEquals(Math.sin(angle) * scaling.attentionFactor(), actual.get(1)[at], 1e-5, "sin at " + at);
            }
        }
    }

    @Test
    void turnsByPositionTimesFrequency() {
        List<float[]> table =
                OneOp.runAll(new RopeTable(THETA, 4, new RopeScaling.Default()), Tensor.i64(Shape.of(1, 3), 0, 1, 50));
        float[] cos = {1, 1, (float) Math.cos(1), (float) Math.cos(0.01), (float) Math.cos(50), (float) Math.cos(0.5)};
        float[] sin = {0, 0, (float) Math.sin(1), (float) Math.sin(0.01), (float) Math.sin(50), (float) Math.sin(0.5)};
        assertArrayEquals(cos, table.get(0), 1e-6f);
        assertArrayEquals(sin, table.get(1), 1e-6f);
    }

    @Test
    void multipliesByTheAttentionFactor() {
        RopeScaling.Yarn rule = new RopeScaling.Yarn(4, 32, 32, 1, true, 1.5);
        long[] positions = {0, 3, 40, 131_071};
        List<float[]> table = OneOp.runAll(new RopeTable(THETA, 8, rule), Tensor.i64(Shape.of(1, 4), positions));
        assertTable(rule, rule.inverseFrequencies(THETA, 8), positions, table);
    }

    @Test
    void dynamicNtkFollowsTheLengthOfEachSequence() {
        assertFollowsLength(new RopeScaling.DynamicNtk(2, 64));
    }

    @Test
    void longRopeFollowsTheLengthOfEachSequence() {
        assertFollowsLength(
                new RopeScaling.LongRope(List.of(1.0, 1.0, 2.0, 2.0), List.of(1.0, 4.0, 5.0, 8.0), 64, 1.25));
    }

    private static void assertFollowsLength(RopeScaling.ByLength rule) {
        RopeTable op = new RopeTable(THETA, 8, rule);
        for (long last : new long[] {2, 63, 64, 200}) {
            long[] positions = {1, last};
            List<float[]> table = OneOp.runAll(op, Tensor.i64(Shape.of(1, 2), positions));
            assertTable(rule, rule.inverseFrequencies(THETA, 8, last + 1), positions, table);
        }
    }

    @Test
    void followsTheGivenLength() {
        RopeScaling.ByLength rule = new RopeScaling.DynamicNtk(2, 64);
        RopeTable op = new RopeTable(THETA, 8, rule).withGivenLength();
        long[] positions = {1, 2};
        for (long length : new long[] {3, 64, 200}) {
            List<float[]> table =
                    OneOp.runAll(op, Tensor.i64(Shape.of(1, 2), positions), Tensor.i64(Shape.of(), length));
            assertTable(rule, rule.inverseFrequencies(THETA, 8, length), positions, table);
        }
    }

    @Test
    void aLongSequenceLeavesItsNeighbourAlone() {
        RopeTable op = new RopeTable(THETA, 8, new RopeScaling.DynamicNtk(2, 64));
        float[] alone = OneOp.run(op, Tensor.i64(Shape.of(1, 2), 4, 5));
        float[] together = OneOp.run(op, Tensor.i64(Shape.of(2, 2), 4, 5, 98, 99));
        assertArrayEquals(alone, Arrays.copyOf(together, alone.length));
    }

    @Test
    void refusesWhatDoesNotFit() {
        RopeTable op = new RopeTable(THETA, 8, new RopeScaling.Default());
        assertEquals(
                "rope_table: input positions is I64[9], expected I64[batch, seq]",
                OneOp.refusal(op, TensorType.of(DType.I64, Shape.of(9))));
        assertEquals(
                "rope: rotaryDim is 7, expected a positive even number",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new RopeConfig(THETA, 7, RopeStyle.HALF, new RopeScaling.Default()))
                        .getMessage());
        assertEquals(
                "rope: theta is 0.0, expected more than 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new RopeConfig(0, 8, RopeStyle.HALF, new RopeScaling.Default()))
                        .getMessage());
    }
}
