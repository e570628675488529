package org.attention4j.x86;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

/** Against sums in double precision. */
final class FloatProductTest {
    /** Of the sum of all products' sizes: sums of up to 3,000 products in F32, in another order. */
    private static final double TOLERANCE = 1e-6;

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    static List<Arguments> sizes() {
        List<Arguments> sizes = new ArrayList<>();
        for (DType dtype : List.of(DType.F32, DType.F16)) {
            for (int tokens : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 50}) {
                sizes.add(Arguments.of(dtype, 1, 1, tokens));
                sizes.add(Arguments.of(dtype, 16, 64, tokens));
                sizes.add(Arguments.of(dtype, 77, 33, tokens));
                sizes.add(Arguments.of(dtype, 768, 36, tokens));
                sizes.add(Arguments.of(dtype, 40, 3000, tokens));
            }
        }
        // More of x than is multiplied at once, and a rest that is less than a group.
        sizes.add(Arguments.of(DType.F32, 17, 32 * 1024, 19));
        return sizes;
    }

    @ParameterizedTest(name = "{0}[{1}, {2}], {3} tokens")
    @MethodSource("sizes")
    void computesTheProduct(DType dtype, int rows, int columns, int tokens) {
        Random random = new Random(rows * 31L + columns);
        float[] w = Generated.random(random, rows * columns, 1);
        if (dtype == DType.F16) {
            for (int i = 0; i < w.length; i++) {
                w[i] = Float.float16ToFloat(Float.floatToFloat16(w[i]));
            }
        }
        float[] x = Generated.random(random, tokens * columns, 1);
        int split = Math.max(1, rows / 3);
        Tensor all = weights(dtype, Shape.of(rows, columns), w);
        List<Tensor> parts =
                rows == 1 ? List.of(all) : List.of(all.rows(0, split), all.rows(split, (long) rows - split));
        try (FloatMatrix packed = FloatMatrix.pack(parts);
                Arena arena = Arena.ofConfined()) {
            float[] y = run(new FloatProduct(packed, 3), x, tokens, arena);
            for (int t = 0; t < tokens; t++) {
                for (int r = 0; r < rows; r++) {
                    double sum = 0;
                    double size = 0;
                    for (int c = 0; c < columns; c++) {
                        double product = (double) w[r * columns + c] * x[t * columns + c];
                        sum += product;
                        size += Math.abs(product);
                    }
                    assertEquals(sum, y[t * rows + r], TOLERANCE * size, "token " + t + ", row " + r);
                }
            }
        }
    }

    private static Tensor weights(DType dtype, Shape shape, float[] w) {
        if (dtype == DType.F32) {
            return Tensor.f32(shape, w);
        }
        short[] halves = new short[w.length];
        for (int i = 0; i < w.length; i++) {
            halves[i] = Float.floatToFloat16(w[i]);
        }
        MemorySegment memory = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_SHORT, halves);
        return Tensor.of(DType.F16, shape, memory);
    }

    @Test
    void passesOnWhatIsNotFinite() {
        float[] w = new float[16 * 8];
        Arrays.fill(w, 1);
        float[] x = new float[2 * 8];
        x[11] = Float.NaN;
        try (FloatMatrix packed = FloatMatrix.pack(List.of(Tensor.f32(Shape.of(16, 8), w)));
                Arena arena = Arena.ofConfined()) {
            float[] y = run(new FloatProduct(packed, 1), x, 2, arena);
            assertArrayEquals(new float[16], Arrays.copyOf(y, 16));
            for (int r = 16; r < 32; r++) {
                assertEquals(Float.NaN, y[r]);
            }
        }
    }

    @Test
    void takesNoOtherTypes() {
        Tensor q8 = Tensor.zeros(DType.Q8_0, Shape.of(16, 32));
        var e = assertThrows(IllegalArgumentException.class, () -> FloatMatrix.pack(List.of(q8)));
        assertEquals("weights: Q8_0, expected F32 or F16", e.getMessage());
    }

    private static float[] run(FloatProduct product, float[] x, int tokens, Arena arena) {
        MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
        MemorySegment out = Generated.guarded(arena, Math.toIntExact(tokens * product.rows()));
        MemorySegment scratch = arena.allocate(product.scratchBytes(tokens), 64);
        product.run(in.address(), out.address(), tokens, scratch, Generated::backwards);
        return Generated.read(out);
    }
}
