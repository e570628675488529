package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Fp4Test {
    @Test
    void mxfp4() {
        byte[] block = new byte[17];
        block[0] = 125;
        for (int i = 0; i < 16; i++) {
            block[1 + i] = (byte) (i | (15 - i) << 4);
        }
        float[] expected = new float[32];
        float[] floats = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};
        for (int i = 0; i < 8; i++) {
            expected[i] = floats[i] / 4;
            expected[i + 8] = 0 - floats[i] / 4;
            expected[31 - i] = floats[i] / 4;
            expected[23 - i] = 0 - floats[i] / 4;
        }
        assertArrayEquals(expected, Blocks.decode(DType.MXFP4, block));
    }

    /** The least scale is a subnormal F32, and the greatest one is no NaN. */
    @Test
    void mxfp4ScalesOfAnySize() {
        byte[] blocks = new byte[2 * 17];
        blocks[0] = 0;
        blocks[1] = 2;
        blocks[17] = (byte) 255;
        blocks[18] = 1;
        float[] out = Blocks.decode(DType.MXFP4, blocks);
        assertEquals(0x1p-127f, out[0]);
        assertEquals(0x1p127f, out[32]);
    }

    /** Each group of 16 has eight bytes and a scale, here 2, the least subnormal, 0 for NaN, and 2 with a sign. */
    @Test
    void nvfp4() {
        byte[] block = new byte[36];
        block[0] = 8 << 3;
        block[1] = 1;
        block[2] = 0x7f;
        block[3] = (byte) 0xc0;
        Arrays.fill(block, 4, 36, (byte) 0x22);
        block[4] = (byte) 0xf4;
        block[35] = 0x70;
        float[] expected = new float[64];
        Arrays.fill(expected, 0, 16, 2);
        Arrays.fill(expected, 16, 32, 0x1p-9f);
        Arrays.fill(expected, 48, 64, 2);
        expected[0] = 4;
        expected[8] = -12;
        expected[48 + 7] = 0;
        expected[63] = 12;
        assertArrayEquals(expected, Blocks.decode(DType.NVFP4, block));
    }
}
