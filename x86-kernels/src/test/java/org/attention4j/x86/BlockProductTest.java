package org.attention4j.x86;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the same sums in Java, in doubles. */
final class BlockProductTest {
    /** Of the sum of all terms' sizes: what adding a few hundred of them in F32 may lose. */
    private static final double TOLERANCE = 2e-6;

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    static List<Arguments> sizes() {
        List<Arguments> sizes = new ArrayList<>();
        for (DType dtype : List.of(DType.Q8_0, DType.Q4_0)) {
            for (int tokens : new int[] {1, 2, 3, 4, 7, 8, 9, 16, 17, 50}) {
                for (boolean tiles : new boolean[] {false, true}) {
                    sizes.add(Arguments.of(dtype, 1, 32, tokens, tiles));
                    sizes.add(Arguments.of(dtype, 16, 64, tokens, tiles));
                    sizes.add(Arguments.of(dtype, 329, 96, tokens, tiles));
                    sizes.add(Arguments.of(dtype, 40, 2080, tokens, tiles));
                }
            }
        }
        // More activations than are multiplied at once.
        sizes.add(Arguments.of(DType.Q8_0, 17, 32 * 1024, 60, false));
        sizes.add(Arguments.of(DType.Q4_0, 17, 32 * 1024, 60, true));
        return sizes;
    }

    @ParameterizedTest(name = "{0}[{1}, {2}], {3} tokens, tiles {4}")
    @MethodSource("sizes")
    void computesTheProduct(DType dtype, int rows, int columns, int tokens, boolean tiles) {
        assumeTrue(!tiles || Processor.current().hasTiles(), "the processor has no AMX");
        Random random = new Random(rows * 31L + columns);
        int split = Math.max(1, rows / 3);
        Tensor all = weights(dtype, rows, columns, random);
        List<Tensor> parts =
                rows == 1 ? List.of(all) : List.of(all.rows(0, split), all.rows(split, (long) rows - split));
        float[] x = new float[tokens * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        try (PackedMatrix packed = PackedMatrix.pack(parts);
                Arena arena = Arena.ofConfined()) {
            BlockProduct product = new BlockProduct(packed, 3, tiles);
            float[] y = run(product, x, tokens, arena);
            double[][] w = dequantized(all);
            for (int t = 0; t < tokens; t++) {
                double[] rounded = rounded(x, t * columns, columns);
                for (int r = 0; r < rows; r++) {
                    double sum = 0;
                    double size = 0;
                    for (int c = 0; c < columns; c++) {
                        sum += w[r][c] * rounded[c];
                        size += Math.abs(w[r][c] * rounded[c]);
                    }
                    assertEquals(sum, y[t * rows + r], TOLERANCE * size, "token " + t + ", row " + r);
                }
            }
        }
    }

    /** A block of zeros has no scale to divide by. */
    @Test
    void takesZeros() {
        try (PackedMatrix packed = PackedMatrix.pack(List.of(weights(DType.Q8_0, 16, 64, new Random(1))));
                Arena arena = Arena.ofConfined()) {
            float[] y = run(new BlockProduct(packed, 1), new float[64], 1, arena);
            assertArrayEquals(new float[16], y);
        }
    }

    /** What went wrong before must be seen behind a product. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void passesOnWhatIsNotFinite(float bad) {
        try (PackedMatrix packed = PackedMatrix.pack(List.of(weights(DType.Q4_0, 16, 64, new Random(1))));
                Arena arena = Arena.ofConfined()) {
            for (int at = 0; at < 64; at++) {
                float[] x = new float[2 * 64];
                Arrays.fill(x, 1);
                x[64 + at] = bad;
                float[] y = run(new BlockProduct(packed, 1), x, 2, arena);
                for (int r = 0; r < 16; r++) {
                    assertTrue(Float.isFinite(y[r]), "the other token");
                    assertFalse(Float.isFinite(y[16 + r]), "entry " + at + ", row " + r);
                }
            }
        }
    }

    @Test
    void refusesOtherTypes() {
        Tensor f32 = Tensor.f32(Shape.of(1, 32), new float[32]);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> PackedMatrix.pack(List.of(f32)));
        assertEquals("weights: F32, expected one of [Q8_0, Q4_0]", e.getMessage());
    }

    private static float[] run(BlockProduct product, float[] x, int tokens, Arena arena) {
        MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
        MemorySegment to = Generated.guarded(arena, Math.toIntExact(tokens * product.rows()));
        MemorySegment scratch = arena.allocate(product.scratchBytes(tokens), 64);
        product.run(from.address(), to.address(), tokens, scratch, Generated::backwards);
        return Generated.read(to);
    }

    private static Tensor weights(DType dtype, int rows, int columns, Random random) {
        byte[] blocks = new byte[rows * columns / dtype.blockSize() * dtype.blockBytes()];
        random.nextBytes(blocks);
        for (int at = 0; at < blocks.length; at += dtype.blockBytes()) {
            short scale = Float.floatToFloat16(0.01f + random.nextFloat());
            blocks[at] = (byte) scale;
            blocks[at + 1] = (byte) (scale >> 8);
        }
        return Tensor.of(dtype, Shape.of(rows, columns), MemorySegment.ofArray(blocks));
    }

    private static double[][] dequantized(Tensor t) {
        int rows = Math.toIntExact(t.shape().dim(0));
        int columns = Math.toIntExact(t.shape().dim(1));
        float[] values = t.toFloatArray();
        double[][] out = new double[rows][columns];
        for (int i = 0; i < values.length; i++) {
            out[i / columns][i % columns] = values[i];
        }
        return out;
    }

    /** To 8 bits in blocks of 32, as floats compute it. */
    private static double[] rounded(float[] x, int from, int count) {
        double[] out = new double[count];
        for (int block = 0; block < count; block += BlockFormat.BLOCK) {
            float most = 0;
            for (int i = 0; i < BlockFormat.BLOCK; i++) {
                most = Math.max(most, Math.abs(x[from + block + i]));
            }
            float scale = most / 127;
            float inverse = 127 / most;
            for (int i = 0; i < BlockFormat.BLOCK; i++) {
                out[block + i] = (double) scale * Math.rint(x[from + block + i] * inverse);
            }
        }
        return out;
    }
}
