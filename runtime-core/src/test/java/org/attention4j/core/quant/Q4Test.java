package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q4Test {
    @Test
    void q40() {
        byte[] block = new byte[18];
        Blocks.putF16(block, 0, 0.5f);
        block[2] = (byte) 0xf0;
        block[17] = (byte) 0x3a;
        float[] expected = new float[32];
        Arrays.fill(expected, -4);
        expected[16] = (15 - 8) * 0.5f;
        expected[15] = (0xa - 8) * 0.5f;
        expected[31] = (3 - 8) * 0.5f;
        assertArrayEquals(expected, Blocks.decode(DType.Q4_0, block));
    }

    @Test
    void q41() {
        byte[] block = new byte[20];
        Blocks.putF16(block, 0, 0.5f);
        Blocks.putF16(block, 2, -3);
        block[4] = (byte) 0xf1;
        float[] expected = Blocks.filled(32, -3);
        expected[0] = 0.5f - 3;
        expected[16] = 15 * 0.5f - 3;
        assertArrayEquals(expected, Blocks.decode(DType.Q4_1, block));
    }
}
