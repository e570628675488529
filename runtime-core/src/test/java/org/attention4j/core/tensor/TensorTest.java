package org.attention4j.core.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {
    @Test
    void holdsItsElementsRowMajor() {
        Tensor t = Tensor.f32(Shape.of(2, 2), 1, 2, 3, 4.5f);
        assertEquals(4.5, t.getDouble(3));
        assertArrayEquals(new float[] {1, 2, 3, 4.5f}, t.toFloatArray());
        assertEquals("F32[2, 2]", t.toString());
        assertArrayEquals(
                new long[] {-1, Long.MAX_VALUE},
                Tensor.i64(Shape.of(2), -1, Long.MAX_VALUE).toLongArray());
        assertEquals(7, Tensor.scalar(7L).getLong(0));
        assertEquals(0.5, Tensor.scalar(0.5f).getDouble(0));
        assertEquals(0, Tensor.f32(Shape.of(0, 3)).toFloatArray().length);
    }

    @Test
    void isLittleEndianAndUnaligned() {
        byte[] bytes = {9, 0, 0, (byte) 0x80, 0x3f, 2, 1};
        MemorySegment segment = MemorySegment.ofArray(bytes);
        assertEquals(
                1.0, Tensor.of(DType.F32, Shape.of(1), segment.asSlice(1, 4)).getDouble(0));
        assertEquals(
                1.0, Tensor.of(DType.BF16, Shape.of(1), segment.asSlice(3, 2)).getDouble(0));
        assertEquals(
                0x0102, Tensor.of(DType.U8, Shape.of(2), segment.asSlice(5, 2)).getLong(1) << 8 | 2);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16", "I64", "I32", "I8"})
    void everyPlainDtypeGivesBackWhatItWasGiven(DType dtype) {
        Tensor t = Tensor.zeros(dtype, Shape.of(3));
        t.setDouble(1, -96);
        t.setLong(2, 64);
        assertEquals(0, t.getDouble(0));
        assertEquals(-96, t.getDouble(1));
        assertArrayEquals(new float[] {0, -96, 64}, t.toFloatArray());
    }

    @Test
    void bytesAreSignedOrNot() {
        Tensor unsigned = Tensor.zeros(DType.U8, Shape.of(1));
        unsigned.setLong(0, 200);
        assertEquals(200, unsigned.getLong(0));
        Tensor signed = Tensor.zeros(DType.I8, Shape.of(1));
        signed.setLong(0, 200);
        assertEquals(-56, signed.getLong(0));
        Tensor bool = Tensor.zeros(DType.BOOL, Shape.of(1));
        bool.setLong(0, 200);
        assertEquals(1, bool.getLong(0));
    }

    @ParameterizedTest
    @CsvSource({
        "F16, 1.00048828125, 1.0",
        "F16, 1.00146484375, 1.001953125",
        "F16, 65520, Infinity",
        "F16, 1e-8, 0",
        "F16, 5.9604645e-8, 5.9604645e-8",
        "BF16, 1.00390625, 1.0",
        "BF16, 1.01171875, 1.015625",
        "BF16, 3.4e38, Infinity",
        "BF16, -1.01171875, -1.015625",
        "F32, 16777217, 16777216"
    })
    void roundsToNearestEven(DType dtype, double value, float expected) {
        Tensor t = Tensor.zeros(dtype, Shape.of(1));
        t.setDouble(0, value);
        assertEquals(expected, t.getDouble(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void nanStaysNan(DType dtype) {
        Tensor t = Tensor.zeros(dtype, Shape.of(1));
        t.setDouble(0, Float.intBitsToFloat(0x7f800001));
        assertTrue(Double.isNaN(t.getDouble(0)));
    }

    @Test
    void blocksAreReadWholeOnly() {
        Tensor blocks = Tensor.zeros(DType.Q8_0, Shape.of(2, 32));
        assertArrayEquals(new float[64], blocks.toFloatArray());
        assertEquals(
                "tensor Q8_0[2, 32]: getDouble needs a plain type, not quantised blocks",
                assertThrows(IllegalStateException.class, () -> blocks.getDouble(0))
                        .getMessage());
        assertThrows(IllegalStateException.class, () -> blocks.setDouble(0, 1));
        assertThrows(IllegalStateException.class, () -> blocks.setLong(0, 1));
        assertEquals(
                "tensor F32[1]: getLong needs an integer type",
                assertThrows(
                                IllegalStateException.class,
                                () -> Tensor.f32(Shape.of(1), 1).getLong(0))
                        .getMessage());
    }

    @Test
    void sizesMustFit() {
        assertEquals(
                "tensor F32[3]: the segment has 8 bytes, expected 12",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Tensor.of(DType.F32, Shape.of(3), MemorySegment.ofArray(new byte[8])))
                        .getMessage());
        assertEquals(
                "tensor F32[2]: 3 values given, expected 2",
                assertThrows(IllegalArgumentException.class, () -> Tensor.f32(Shape.of(2), 1, 2, 3))
                        .getMessage());
    }

    @Test
    void reshapeSharesTheMemory() {
        Tensor t = Tensor.f32(Shape.of(4), 1, 2, 3, 4);
        Tensor view = t.reshape(Shape.of(2, 2));
        t.setDouble(3, 9);
        assertEquals(9, view.getDouble(3));
        assertEquals(
                "tensor F32[4]: can't be reshaped to [3]",
                assertThrows(IllegalArgumentException.class, () -> t.reshape(Shape.of(3)))
                        .getMessage());
    }

    @Test
    void readOnlyViewsRefuseWrites() {
        Tensor view = Tensor.f32(Shape.of(1), 1).asReadOnly();
        assertEquals(1, view.getDouble(0));
        assertThrows(IllegalArgumentException.class, () -> view.setDouble(0, 2));
    }

    @Test
    void copiesFromItsLike() {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(2));
        t.copyFrom(Tensor.f32(Shape.of(2), 1, 2));
        assertArrayEquals(new float[] {1, 2}, t.toFloatArray());
        assertEquals(
                "tensor F32[2]: can't be filled from F32[1, 2]",
                assertThrows(IllegalArgumentException.class, () -> t.copyFrom(Tensor.f32(Shape.of(1, 2), 1, 2)))
                        .getMessage());
    }

    @Test
    void livesAsLongAsItsArena() {
        Tensor t;
        try (Arena arena = Arena.ofConfined()) {
            t = Tensor.zeros(DType.F32, Shape.of(3), arena);
            assertEquals(0, t.data().address() % 64);
        }
        assertThrows(IllegalStateException.class, () -> t.getDouble(0));
    }

    /** F32 0, 1, 2, …, made when read. */
    private static Tensor counting(AtomicInteger reads, long... dims) {
        return Tensor.of(DType.F32, Shape.of(dims), (offset, target) -> {
            reads.incrementAndGet();
            for (long at = 0; at < target.byteSize(); at += 4) {
                target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (offset + at) / 4f);
            }
        });
    }

    @Test
    void contentsAreMadeWhenTheyAreRead() {
        AtomicInteger reads = new AtomicInteger();
        Tensor t = counting(reads, 3, 2);
        Tensor row = t.reshape(Shape.of(3, 2)).rows(1, 2).rows(1, 1);
        assertEquals(0, reads.get());
        assertEquals("F32[1, 2]", row.toString());
        assertArrayEquals(new float[] {4, 5}, row.toFloatArray());
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, t.toFloatArray());
        assertEquals(3, t.getDouble(3));
        assertEquals(4, Tensor.of(DType.F32, Shape.of(2), t.bytes(12, 8)).getDouble(1));
        assertTrue(t.contents().isPresent());
        MemorySegment made = t.asReadOnly().data();
        assertThrows(IllegalArgumentException.class, () -> made.fill((byte) 0));
    }

    @Test
    void contentsAreMadeOnceWhileTheyAreHeld() {
        AtomicInteger reads = new AtomicInteger();
        Tensor t = counting(reads, 4);
        MemorySegment held = t.data();
        assertEquals(held, t.data());
        assertEquals(3, t.getDouble(3));
        assertEquals(1, reads.get());
    }

    @Test
    void rowsShareMemory() {
        Tensor t = Tensor.f32(Shape.of(3, 2), 0, 1, 2, 3, 4, 5);
        Tensor rows = t.rows(1, 2);
        assertEquals(Shape.of(2, 2), rows.shape());
        rows.setDouble(0, 9);
        assertEquals(9, t.getDouble(2));
        assertEquals(9, Tensor.of(DType.F32, Shape.of(1), t.bytes(8, 4)).getDouble(0));
        assertEquals(0, t.rows(3, 0).shape().elements());
        assertThrows(IndexOutOfBoundsException.class, () -> t.rows(2, 2));
        t.unload();
        assertEquals(9, t.getDouble(2));
    }

    @Test
    void stacksLeaveTheirPartsWhereTheyAre() {
        AtomicInteger reads = new AtomicInteger();
        Tensor first = Tensor.f32(Shape.of(2), 7, 8);
        Tensor second = counting(reads, 2);
        Tensor stack = Tensor.stack("s", List.of(first, second, first));
        assertEquals("F32[3, 2]", stack.toString());
        assertEquals(0, reads.get());
        assertSame(first, stack.entry(2));
        assertSame(second, stack.reshape(Shape.of(3, 2)).entry(1));
        assertEquals(0, reads.get());
        assertArrayEquals(new float[] {7, 8, 0, 1, 7, 8}, stack.toFloatArray());
        first.setDouble(1, 9);
        assertArrayEquals(new float[] {0, 1, 7, 9}, stack.rows(1, 2).toFloatArray());
        assertEquals(9, stack.reshape(Shape.of(6)).rows(1, 1).getDouble(0));
        assertEquals(9, Tensor.of(DType.F32, Shape.of(1), stack.bytes(20, 4)).getDouble(0));
        stack.unload();
    }

    @Test
    void entriesOfPlainTensorsShareMemory() {
        Tensor t = Tensor.f32(Shape.of(2, 1, 2), 0, 1, 2, 3);
        Tensor entry = t.entry(1);
        assertEquals("F32[1, 2]", entry.toString());
        entry.setDouble(0, 9);
        assertEquals(9, t.getDouble(2));
        assertThrows(IndexOutOfBoundsException.class, () -> t.entry(2));
    }

    @Test
    void refusesToStackWhatDiffers() {
        Tensor part = Tensor.f32(Shape.of(2), 1, 2);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Tensor.stack("s", List.of(part, Tensor.f32(Shape.of(1), 1))));
        assertEquals("tensor s: part 1 is F32[1], expected F32[2] as part 0", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Tensor.stack("s", List.of()));
    }
}
