package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

/** Blocks made by hand from the layouts' definitions; F16 numbers are written low byte first. */
class BlockCodecTest {
    private static float[] decode(DType dtype, byte[] blocks) {
        float[] out = new float[blocks.length / dtype.blockBytes() * dtype.blockSize()];
        BlockCodec.of(dtype).decode(MemorySegment.ofArray(blocks), 0, out, 0, out.length);
        return out;
    }

    private static void putF16(byte[] block, int at, float value) {
        short bits = Float.floatToFloat16(value);
        block[at] = (byte) bits;
        block[at + 1] = (byte) (bits >> 8);
    }

    @Test
    void q40() {
        byte[] block = new byte[18];
        putF16(block, 0, 0.5f);
        block[2] = (byte) 0xf0;
        block[17] = (byte) 0x3a;
        float[] expected = new float[32];
        Arrays.fill(expected, -4);
        expected[16] = (15 - 8) * 0.5f;
        expected[15] = (0xa - 8) * 0.5f;
        expected[31] = (3 - 8) * 0.5f;
        assertArrayEquals(expected, decode(DType.Q4_0, block));
    }

    @Test
    void q80() {
        byte[] block = new byte[34];
        putF16(block, 0, -0.25f);
        block[2] = 127;
        block[33] = -128;
        float[] expected = new float[32];
        Arrays.fill(expected, -0f);
        expected[0] = -31.75f;
        expected[31] = 32;
        assertArrayEquals(expected, decode(DType.Q8_0, block));
    }

    /** Groups 0 to 3 have their scale and minimum in whole bytes; those of 4 to 7 are in nibbles and the bytes' top bits. */
    @Test
    void q4k() {
        byte[] block = new byte[144];
        putF16(block, 0, 2);
        putF16(block, 2, 0.5f);
        block[4] = (byte) (3 | 2 << 6);
        block[8] = (byte) (10 | 1 << 6);
        block[12] = (byte) (5 | 7 << 4);
        block[16] = (byte) 0x0b;
        block[16 + 3 * 32 - 32] = 0x0c;
        float[] expected = new float[256];
        Arrays.fill(expected, 0, 32, -0.5f * 10);
        expected[0] = 2 * 3 * 11 - 5;
        float min = 0.5f * (7 | 1 << 4);
        Arrays.fill(expected, 128, 160, -min);
        expected[128] = 2 * (5 | 2 << 4) * 12 - min;
        assertArrayEquals(expected, decode(DType.Q4_K, block));
    }

    /** Of each half's four runs the first two are low nibbles, the others high ones; qh holds two more bits of each. */
    @Test
    void q6k() {
        byte[] block = new byte[210];
        Arrays.fill(block, 128, 192, (byte) 0xaa);
        putF16(block, 208, 0.125f);
        block[192] = 4;
        block[192 + 1] = -4;
        block[192 + 8 + 7] = 1;
        block[0] = 0x05;
        block[31] = 0x02;
        block[64 + 32 + 31] = (byte) 0xf0;
        block[128 + 32 + 31] = (byte) 0xff;
        float[] expected = new float[256];
        expected[0] = 0.125f * 4 * 5;
        expected[31] = 0.125f * -4 * 2;
        Arrays.fill(expected, 16, 31, -0f);
        expected[255] = 0.125f * (63 - 32);
        assertArrayEquals(expected, decode(DType.Q6_K, block));
    }

    @Test
    void decodesFromAnyBlockToAnyPlace() {
        byte[] blocks = new byte[3 * 34];
        putF16(blocks, 34, 1);
        blocks[34 + 2] = 5;
        float[] out = new float[40];
        BlockCodec.of(DType.Q8_0).decode(MemorySegment.ofArray(blocks), 1, out, 8, 32);
        assertEquals(5, out[8]);
    }

    @Test
    void decodesWholeBlocksOnly() {
        BlockCodec codec = BlockCodec.of(DType.Q4_K);
        MemorySegment block = MemorySegment.ofArray(new byte[144]);
        assertEquals(
                "Q4_K: 100 elements is not a multiple of the block size 256",
                assertThrows(IllegalArgumentException.class, () -> codec.decode(block, 0, new float[256], 0, 100))
                        .getMessage());
    }

    @Test
    void plainTypesHaveNoCodec() {
        assertEquals(
                "F16 is not a block-quantised type",
                assertThrows(IllegalArgumentException.class, () -> BlockCodec.of(DType.F16))
                        .getMessage());
    }
}
