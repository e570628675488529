package org.attention4j.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.attention4j.x86.SelectiveScanKernel.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the same scan in Java, in doubles. */
final class SelectiveScanKernelTest {
    /** A state is a sum of many tokens' inputs about 1, of which each is rounded a few times in F32. */
    private static final double TOLERANCE = 1e-5;

    private static final int BATCH = 2;

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    @ParameterizedTest(name = "{0} channels of {1} states, {2} tokens, in place: {3}")
    @CsvSource({
        "5, 16, 1, false",
        "130, 16, 300, true",
        "3, 1, 2, true",
        "7, 19, 4, false",
        "4, 64, 5, true",
        "70, 48, 130, false"
    })
    void computesTheScan(int channels, int states, int tokens, boolean inPlace) {
        Random random = new Random(channels);
        float[] state = Generated.random(random, BATCH * channels * states, 1);
        float[] u = Generated.random(random, BATCH * tokens * channels, 1);
        float[] delta = withSign(1, Generated.random(random, BATCH * tokens * channels, 1));
        float[] a = withSign(-1, Generated.random(random, channels * states, 1));
        float[] b = Generated.random(random, BATCH * tokens * states, 1);
        float[] c = Generated.random(random, BATCH * tokens * states, 1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment y = Generated.guarded(arena, BATCH * tokens * channels);
            MemorySegment next = Generated.guarded(arena, state.length);
            long[] inputs = Stream.of(state, u, delta, a, b, c)
                    .mapToLong(
                            x -> arena.allocateFrom(ValueLayout.JAVA_FLOAT, x).address())
                    .toArray();
            if (inPlace) {
                MemorySegment.copy(state, 0, next, ValueLayout.JAVA_FLOAT, 0, state.length);
                inputs[0] = next.address();
            }
            new SelectiveScanKernel(new Shape(channels, states))
                    .run(
                            inputs,
                            y.address(),
                            next.address(),
                            BATCH,
                            tokens,
                            arena.allocate(SelectiveScanKernel.scratchBytes(), 8),
                            Generated::backwards);
            float[] actualY = Generated.read(y);
            float[] actualState = Generated.read(next);
            for (int unit = 0; unit < BATCH * channels; unit++) {
                int channel = unit % channels;
                double[] h = new double[states];
                for (int n = 0; n < states; n++) {
                    h[n] = state[unit * states + n];
                }
                for (int t = 0; t < tokens; t++) {
                    int token = unit / channels * tokens + t;
                    int at = token * channels + channel;
                    double sum = 0;
                    double size = 0;
                    for (int n = 0; n < states; n++) {
                        h[n] = Math.exp((double) delta[at] * a[channel * states + n]) * h[n]
                                + (double) delta[at] * u[at] * b[token * states + n];
                        sum += h[n] * c[token * states + n];
                        size += Math.abs(h[n] * c[token * states + n]);
                    }
                    assertEquals(sum, actualY[at], TOLERANCE * (1 + size), "y of channel " + channel + ", token " + t);
                }
                for (int n = 0; n < states; n++) {
                    assertEquals(h[n], actualState[unit * states + n], TOLERANCE * (1 + Math.abs(h[n])));
                }
            }
        }
    }

    private static float[] withSign(int sign, float[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = sign * Math.abs(x[i]);
        }
        return x;
    }

    @Test
    void refusesImpossibleSizes() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Shape(3, 65));
        assertEquals("scan: 3 channels of 65 states, expected at least 1 each, and at most 64 states", e.getMessage());
    }

    /** The function that decays go through, over all that F32 can hold. */
    @Test
    void exponentialIsAccurate() {
        try (Arena arena = Arena.ofConfined()) {
            int channels = 4001;
            float[] exponents = new float[channels];
            for (int i = 0; i < channels; i++) {
                exponents[i] = (i - 2200) * 0.05f;
            }
            float[] ones = new float[channels];
            Arrays.fill(ones, 1);
            MemorySegment y = Generated.guarded(arena, channels);
            MemorySegment next = Generated.guarded(arena, channels);
            // e^(1 · x) · 1 + 1 · 1 · 0.
            long[] inputs = Stream.of(ones, ones, ones, exponents, new float[1], new float[] {1})
                    .mapToLong(
                            x -> arena.allocateFrom(ValueLayout.JAVA_FLOAT, x).address())
                    .toArray();
            new SelectiveScanKernel(new Shape(channels, 1))
                    .run(
                            inputs,
                            y.address(),
                            next.address(),
                            1,
                            1,
                            arena.allocate(SelectiveScanKernel.scratchBytes(), 8),
                            Generated::backwards);
            float[] actual = Generated.read(next);
            for (int i = 0; i < channels; i++) {
                double expected = Math.exp(exponents[i]);
                if (expected > Float.MAX_VALUE) {
                    assertEquals(Float.POSITIVE_INFINITY, actual[i], "e^" + exponents[i]);
                } else {
                    // Two units of the last place, or of what is left of it in denormal numbers.
                    double tolerance = Math.max(2.4e-7 * expected, Float.MIN_VALUE);
                    assertEquals(expected, actual[i], tolerance, "e^" + exponents[i]);
                }
            }
            assertTrue(exponents[0] < -104 && exponents[channels - 1] > 89, "both ends are there");
        }
    }
}
