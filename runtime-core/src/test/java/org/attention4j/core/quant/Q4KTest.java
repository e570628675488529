package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q4KTest {
    /** Groups 0 to 3 have their scale and minimum in whole bytes; those of 4 to 7 are in nibbles and the bytes' top bits. */
    @Test
    void q4k() {
        byte[] block = new byte[144];
        Blocks.putF16(block, 0, 2);
        Blocks.putF16(block, 2, 0.5f);
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
        assertArrayEquals(expected, Blocks.decode(DType.Q4_K, block));
    }
}
