package org.attention4j.core.rope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RopeScalingTest {
    private static final double THETA = 10_000;
    private static final double[] UNSCALED = {1, 0.1, 0.01, 0.001};

    private static void assertFrequencies(double[] actual, double... expected) {
        assertArrayEquals(expected, actual, 1e-12);
    }

    private static void assertRefuses(String message, Executable make) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, make).getMessage());
    }

    @Test
    void defaultIsPowersOfTheta() {
        assertFrequencies(new RopeScaling.Default().inverseFrequencies(THETA, 8), UNSCALED);
        assertEquals(1, new RopeScaling.Default().attentionFactor());
    }

    @Test
    void linearSlowsEveryPair() {
        assertFrequencies(new RopeScaling.Linear(4).inverseFrequencies(THETA, 8), 0.25, 0.025, 0.0025, 0.00025);
    }

    @Test
    void ntkKeepsTheFirstPairAndInterpolatesTheLast() {
        double[] freqs = new RopeScaling.Ntk(8).inverseFrequencies(THETA, 8);
        assertFrequencies(freqs, 1, 0.1 / 2, 0.01 / 4, 0.001 / 8);
    }

    @Test
    void dynamicNtkStartsBeyondTheOriginalLength() {
        RopeScaling.DynamicNtk rule = new RopeScaling.DynamicNtk(2, 64);
        assertFrequencies(rule.inverseFrequencies(THETA, 8, 1), UNSCALED);
        assertFrequencies(rule.inverseFrequencies(THETA, 8, 64), UNSCALED);
        // 2·288/64 − 1 = 8.
        assertFrequencies(rule.inverseFrequencies(THETA, 8, 288), new RopeScaling.Ntk(8).inverseFrequencies(THETA, 8));
    }

    @Test
    void dividedTakesOneNumberPerPair() {
        RopeScaling.Divided rule = new RopeScaling.Divided(List.of(1.0, 2.0, 4.0, 5.0));
        assertFrequencies(rule.inverseFrequencies(THETA, 8), 1, 0.05, 0.0025, 0.0002);
    }

    @Test
    void llama3BlendsByTurns() {
        // With L = 2π·100 the pairs turn 100, 10, 1 and 0.1 times, rounded by L being a whole number.
        RopeScaling.Llama3 rule = new RopeScaling.Llama3(8, 5, 15, 628);
        double turns = 628 * 0.1 / (2 * Math.PI);
        double kept = (turns - 5) / 10;
        assertFrequencies(rule.inverseFrequencies(THETA, 8), 1, 0.1 * (kept + (1 - kept) / 8), 0.01 / 8, 0.001 / 8);
    }

    @Test
    void longRopeChoosesByLength() {
        RopeScaling.LongRope rule =
                new RopeScaling.LongRope(List.of(1.0, 1.0, 2.0, 2.0), List.of(1.0, 4.0, 5.0, 8.0), 32, 1.25);
        assertFrequencies(rule.inverseFrequencies(THETA, 8, 32), 1, 0.1, 0.005, 0.0005);
        assertFrequencies(rule.inverseFrequencies(THETA, 8, 33), 1, 0.025, 0.002, 0.000125);
        assertEquals(1.25, rule.attentionFactor());
        assertEquals(Math.sqrt(1.4), RopeScaling.LongRope.defaultAttentionFactor(4, 32), 1e-12);
        assertEquals(1, RopeScaling.LongRope.defaultAttentionFactor(0.5, 32));
    }

    @Test
    void yarnBlendsByPair() {
        // With L = 2π·100 the bounds of 31.6 and 0.316 turns are the pairs 0.5 and 2.5.
        double root = Math.sqrt(10);
        RopeScaling.Yarn exact = new RopeScaling.Yarn(4, 628, 10 * root, root / 10, false, 1);
        double shift = Math.log10(628 / (200 * Math.PI));
        double[] expected = new double[4];
        for (int i = 0; i < 4; i++) {
            double interpolated = Math.clamp((i - 0.5 - shift) / 2, 0, 1);
            expected[i] = UNSCALED[i] * (1 - interpolated * 0.75);
        }
        assertFrequencies(exact.inverseFrequencies(THETA, 8), expected);
        RopeScaling.Yarn truncated = new RopeScaling.Yarn(4, 628, 10 * root, root / 10, true, 1);
        assertFrequencies(truncated.inverseFrequencies(THETA, 8), 1, 0.1 * 0.75, 0.01 * 0.5, 0.001 * 0.25);
    }

    @Test
    void yarnWithEqualBoundsIsAStep() {
        RopeScaling.Yarn rule = new RopeScaling.Yarn(4, 1, 32, 1, true, 1);
        assertFrequencies(rule.inverseFrequencies(THETA, 8), 1, 0.025, 0.0025, 0.00025);
    }

    @Test
    void yarnAttentionFactorFollowsFromTheFactor() {
        assertEquals(0.1 * Math.log(4) + 1, RopeScaling.Yarn.defaultAttentionFactor(4), 1e-12);
        assertEquals(1, RopeScaling.Yarn.defaultAttentionFactor(1));
        assertEquals(1.0569663, RopeScaling.Yarn.defaultAttentionFactor(40, 1, 0.8), 1e-7);
    }

    @Test
    void refusesWhatCannotBe() {
        assertRefuses("rope linear: factor is 0.0, expected a positive number", () -> new RopeScaling.Linear(0));
        assertRefuses("rope ntk: factor is NaN, expected a positive number", () -> new RopeScaling.Ntk(Double.NaN));
        assertRefuses(
                "rope dynamic: originalMaxPositions is 0, expected at least 1", () -> new RopeScaling.DynamicNtk(2, 0));
        assertRefuses(
                "rope llama3: highFreqFactor is 1.0, expected more than lowFreqFactor 4.0",
                () -> new RopeScaling.Llama3(8, 4, 1, 8192));
        assertRefuses(
                "rope ntk: rotaryDim is 2, expected at least 4", () -> new RopeTable(THETA, 2, new RopeScaling.Ntk(2)));
        assertRefuses(
                "rope longrope: there are 1 longFactors, expected rotaryDim/2 = 2",
                () -> new RopeTable(THETA, 4, new RopeScaling.LongRope(List.of(1.0, 1.0), List.of(1.0), 32, 1)));
        assertRefuses(
                "rope divided: there are 1 divisors, expected rotaryDim/2 = 4",
                () -> new RopeTable(THETA, 8, new RopeScaling.Divided(List.of(2.0))));
    }
}
