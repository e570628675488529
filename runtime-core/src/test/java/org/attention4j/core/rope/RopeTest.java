package org.attention4j.core.rope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import org.attention4j.core.OneOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RopeTest {
    private static final int DIM = 8;

    private static float[] values(int count, double phase) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) Math.sin(phase + 1.7 * i);
        }
        return out;
    }

    /** One head's vector, rotated as at {@code position}. */
    private static float[] rotate(RopeStyle style, int rotaryDim, float[] x, long position) {
        RopeConfig config = new RopeConfig(10_000, rotaryDim, style, new RopeScaling.Default());
        List<float[]> table = OneOp.runAll(config.table(), Tensor.i64(Shape.of(1, 1), position));
        Shape half = Shape.of(1, 1, rotaryDim / 2);
        return OneOp.run(
                config.rope(),
                Tensor.f32(Shape.of(1, 1, 1, x.length), x),
                Tensor.f32(half, table.get(0)),
                Tensor.f32(half, table.get(1)));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void pairsAreHalvesOrNeighbours() {
        Tensor x = Tensor.f32(Shape.of(1, 1, 1, 4), 1, 2, 3, 4);
        Tensor cos = Tensor.f32(Shape.of(1, 1, 2), 0, 1);
        Tensor sin = Tensor.f32(Shape.of(1, 1, 2), 1, 0);
        assertArrayEquals(new float[] {-3, 2, 1, 4}, OneOp.run(new Rope(RopeStyle.HALF, 4), x, cos, sin));
        assertArrayEquals(new float[] {-2, 1, 3, 4}, OneOp.run(new Rope(RopeStyle.INTERLEAVED, 4), x, cos, sin));
    }

    @Test
    void everyPositionHasItsAnglesAndHeadsShareThem() {
        Tensor x = Tensor.f32(Shape.of(1, 2, 2, 2), 1, 0, 0, 1, 1, 0, 0, 1);
        Tensor cos = Tensor.f32(Shape.of(1, 2, 1), 1, 0);
        Tensor sin = Tensor.f32(Shape.of(1, 2, 1), 0, 1);
        float[] expected = {1, 0, 0, 1, 0, 1, -1, 0};
        assertArrayEquals(expected, OneOp.run(new Rope(RopeStyle.HALF, 2), x, cos, sin));
    }

    @ParameterizedTest
    @EnumSource
    void keepsLengths(RopeStyle style) {
        float[] x = values(DIM, 0.3);
        float[] y = rotate(style, DIM, x, 12345);
        assertEquals(dot(x, x), dot(y, y), 1e-5);
        assertArrayEquals(x, rotate(style, DIM, x, 0));
    }

    @ParameterizedTest
    @EnumSource
    void productsDependOnTheDistanceOnly(RopeStyle style) {
        float[] q = values(DIM, 0.3);
        float[] k = values(DIM, 2.1);
        double near = dot(rotate(style, DIM, q, 7), rotate(style, DIM, k, 2));
        double far = dot(rotate(style, DIM, q, 105), rotate(style, DIM, k, 100));
        assertEquals(near, far, 1e-4);
        double other = dot(rotate(style, DIM, q, 8), rotate(style, DIM, k, 2));
        assertNotEquals(near, other, 1e-2);
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheRestAlone(RopeStyle style) {
        float[] x = values(DIM + 3, 0.3);
        float[] y = rotate(style, DIM, x, 5);
        float[] rotated = rotate(style, DIM, Arrays.copyOf(x, DIM), 5);
        assertArrayEquals(rotated, Arrays.copyOf(y, DIM));
        for (int i = DIM; i < x.length; i++) {
            assertEquals(x[i], y[i]);
        }
    }

    @Test
    void stylesDifferByAPermutation() {
        float[] x = values(DIM, 0.3);
        float[] half = rotate(RopeStyle.HALF, DIM, x, 9);
        float[] interleaved = rotate(RopeStyle.INTERLEAVED, DIM, interleave(x), 9);
        assertArrayEquals(interleave(half), interleaved);
    }

    /** Entries 0, d/2, 1, d/2 + 1, …. */
    private static float[] interleave(float[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i % 2 * (x.length / 2) + i / 2];
        }
        return out;
    }

    @Test
    void refusesWhatDoesNotFit() {
        Dim seq = Dim.symbol("seq");
        TensorType x = TensorType.of(DType.F32, Dim.of(1), seq, Dim.of(2), Dim.of(6));
        TensorType table = TensorType.of(DType.F32, Dim.of(1), seq, Dim.of(4));
        assertEquals(
                "rope: input x is F32[1, seq, 2, 6], expected [batch, seq, heads, headDim] with headDim of at least "
                        + "rotaryDim 8",
                OneOp.refusal(new Rope(RopeStyle.HALF, 8), x, table, table));
        assertEquals(
                "rope: input cos is F32[1, seq, 4], expected F32[1, seq, 2]",
                OneOp.refusal(new Rope(RopeStyle.HALF, 4), x, table, table));
    }
}
