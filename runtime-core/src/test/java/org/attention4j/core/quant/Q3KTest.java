package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q3KTest {
    /** A scale's low nibble is in one of eight bytes, its upper two bits in one of four; 32 is 0. */
    @Test
    void q3k() {
        byte[] block = new byte[110];
        Arrays.fill(block, 0, 32, (byte) 0xff);
        Arrays.fill(block, 96 + 8, 96 + 12, (byte) 0xaa);
        Blocks.putF16(block, 108, 0.5f);
        block[96] = 0x07;
        block[96 + 7] = (byte) 0x30;
        block[96 + 11] = (byte) 0xea;
        block[32] = 0x02;
        block[31] = 0x7f;
        block[32 + 63] = (byte) 0x40;
        float[] expected = new float[256];
        expected[0] = 0.5f * 7 * 2;
        expected[255] = 0.5f * (3 | 3 << 4) - 0.5f * 32;
        expected[255] *= 1 - 4;
        assertArrayEquals(expected, Blocks.decode(DType.Q3_K, block));
    }
}
