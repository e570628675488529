package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q6KTest {
    /** Of each half's four runs the first two are low nibbles, the others high ones; qh holds two more bits of each. */
    @Test
    void q6k() {
        byte[] block = new byte[210];
        Arrays.fill(block, 128, 192, (byte) 0xaa);
        Blocks.putF16(block, 208, 0.125f);
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
        assertArrayEquals(expected, Blocks.decode(DType.Q6_K, block));
    }
}
