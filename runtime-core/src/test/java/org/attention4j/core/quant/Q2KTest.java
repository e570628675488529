package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q2KTest {
    /** Element 128·h + 32·r + j is bit pair r of byte 32·h + j. */
    @Test
    void q2k() {
        byte[] block = new byte[84];
        Blocks.putF16(block, 80, 0.5f);
        Blocks.putF16(block, 82, 0.25f);
        block[0] = 0x24;
        block[15] = 0x03;
        block[9] = (byte) 0xf0;
        block[16] = 0x03;
        block[16 + 32 + 31] = (byte) 0xc1;
        float[] expected = new float[256];
        Arrays.fill(expected, 0, 16, -0.25f * 2);
        Arrays.fill(expected, 144, 160, -0.25f * 15);
        expected[0] = 0.5f * 4 * 3 - 0.5f;
        expected[128 + 31] = -0.25f * 15;
        expected[255] = 0.5f * 3 * 3;
        assertArrayEquals(expected, Blocks.decode(DType.Q2_K, block));
    }
}
