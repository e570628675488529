package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Iq1Test {
    /** Index 0 is eight times −1, and index 2047 eight times 1. */
    @Test
    void iq1s() {
        byte[] block = new byte[50];
        Blocks.putF16(block, 0, 2);
        block[2 + 31] = (byte) 0xff;
        block[34 + 15] = (byte) (0x80 | 3 << 4 | 7 << 1);
        float[] expected = new float[256];
        Arrays.fill(expected, 0, 224, 2 * -0.875f);
        Arrays.fill(expected, 224, 248, 14 * -1.125f);
        Arrays.fill(expected, 248, 256, 14 * 0.875f);
        assertArrayEquals(expected, Blocks.decode(DType.IQ1_S, block));
    }

    /** The scale is in the upper nibbles of four words: 0x4000 is 2. */
    @Test
    void iq1m() {
        byte[] block = new byte[56];
        block[54 + 1] = 0x40 | 3 << 1;
        block[31] = (byte) 0xff;
        block[32] = 0x08;
        block[32 + 15] = (byte) 0xf0;
        float[] expected = Blocks.filled(256, 2 * -0.875f);
        Arrays.fill(expected, 0, 8, 2 * -1.125f);
        Arrays.fill(expected, 240, 248, 14 * -0.875f);
        Arrays.fill(expected, 248, 256, 14 * 0.875f);
        assertArrayEquals(expected, Blocks.decode(DType.IQ1_M, block));
    }
}
