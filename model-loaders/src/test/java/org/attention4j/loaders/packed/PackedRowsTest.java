package org.attention4j.loaders.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Matrices of {@code MatMulNBits} against {@code s·(q − z)}, computed here from the same bytes; they are to be equal bit for bit. */
class PackedRowsTest {
    private static final int OUTPUTS = 3;

    private final Random random = new Random(7);

    @Test
    void blocksOfEachNumberOfBitsKeepTheirValues() {
        check(4, 32, 64, false, DType.INT4_G32);
        check(8, 32, 96, false, DType.INT8_G32);
        check(2, 64, 128, false, DType.INT2_G64);
        check(2, 16, 32, true, DType.INT4_G16);
        check(4, 256, 256, true, DType.INT4_G128);
        check(8, 128, 128, true, DType.INT8_G128);
    }

    /** The last group of a row is stored whole: 48 inputs in groups of 32 fit blocks of 16; 40 fit none. */
    @Test
    void rowsThatEndWithinAGroup() {
        check(4, 32, 48, true, DType.INT4_G16);
        check(4, 32, 40, true, DType.F32);
    }

    @Test
    void zeroPointsThatAreNoWholeNumbers() {
        Tensor quants = bytes(OUTPUTS * 16);
        Tensor scales = Tensor.f32(Shape.of(OUTPUTS), 1, 0.5f, 2);
        Tensor zeros = Tensor.f32(Shape.of(OUTPUTS), 7.5f, 3, 8);
        Tensor w = new PackedRows(4, 32, OUTPUTS, 32).matrix(quants, scales, Optional.of(zeros), Optional.empty());
        assertEquals(DType.F32, w.dtype());
        assertEquals(1 * ((quants.getLong(0) & 0xf) - 7.5), w.getDouble(0));
        assertEquals(2 * ((quants.getLong(32) >> 4 & 0xf) - 8.0), w.getDouble(65));
    }

    @Test
    void inputsInGroupsOfAnyOrder() {
        Tensor quants = bytes(32);
        Tensor scales = Tensor.f32(Shape.of(2), 1, 10);
        Tensor index = Tensor.i64(
                Shape.of(64), IntStream.range(0, 64).mapToLong(i -> i % 2).toArray());
        Tensor w = new PackedRows(4, 32, 1, 64).matrix(quants, scales, Optional.empty(), Optional.of(index));
        for (int i = 0; i < 64; i++) {
            long q = quants.getLong(i / 2) >> (i % 2 * 4) & 0xf;
            assertEquals((i % 2 == 0 ? 1 : 10) * (q - 8.0), w.getDouble(i), "input " + i);
        }
    }

    @Test
    void tensorsOfOtherSizesAreRefused() {
        PackedRows rows = new PackedRows(4, 32, OUTPUTS, 64);
        Tensor scales = Tensor.f32(Shape.of(1), 1);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> rows.matrix(bytes(5), scales, Optional.empty(), Optional.empty()));
        assertEquals("the integers are U8[5], expected 96 of U8", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new PackedRows(3, 32, 1, 32));
        assertThrows(IllegalArgumentException.class, () -> new PackedRows(4, 33, 1, 32));
        assertThrows(IllegalArgumentException.class, () -> new PackedRows(4, 32, 1, 1L << 40));
    }

    private void check(int bits, int group, int inputs, boolean withZeros, DType expected) {
        int groups = Math.ceilDiv(inputs, group);
        int rowBytes = groups * group * bits / 8;
        int zeroBytes = Math.ceilDiv(groups * bits, 8);
        Tensor quants = bytes(OUTPUTS * rowBytes);
        Tensor zeros = bytes(OUTPUTS * zeroBytes);
        float[] s = new float[OUTPUTS * groups];
        IntStream.range(0, s.length).forEach(i -> s[i] = random.nextFloat() - 0.5f);
        Tensor w = new PackedRows(bits, group, OUTPUTS, inputs)
                .matrix(
                        quants,
                        Tensor.f32(Shape.of(s.length), s),
                        withZeros ? Optional.of(zeros) : Optional.empty(),
                        Optional.empty());
        assertEquals(expected, w.dtype());
        float[] values = new float[OUTPUTS * inputs];
        for (int i = 0; i < values.length; i++) {
            int row = i / inputs;
            int column = i % inputs;
            int g = column / group;
            int z = withZeros ? at(zeros, row * zeroBytes, g, bits) : 1 << (bits - 1);
            values[i] = s[row * groups + g] * (at(quants, row * rowBytes, column, bits) - z);
        }
        assertArrayEquals(values, floats(w));
    }

    private static int at(Tensor bytes, int from, int index, int bits) {
        long packed = bytes.getLong(from + index * bits / 8) & 0xff;
        return (int) (packed >> (index * bits % 8)) & ((1 << bits) - 1);
    }

    private static float[] floats(Tensor w) {
        if (!w.dtype().isQuantized()) {
            return w.toFloatArray();
        }
        float[] out = new float[(int) w.shape().elements()];
        BlockCodec.of(w.dtype()).decode(w.data(), 0, out, 0, out.length);
        return out;
    }

    private Tensor bytes(int count) {
        Tensor t = Tensor.zeros(DType.U8, Shape.of(count));
        for (int i = 0; i < count; i++) {
            t.setLong(i, random.nextInt(256));
        }
        return t;
    }
}
