package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q5KTest {
    /** The scales of Q4_K; bit g of the byte that element j has in common with those of other groups belongs to group g. */
    @Test
    void q5k() {
        byte[] block = new byte[176];
        Blocks.putF16(block, 0, 2);
        Blocks.putF16(block, 2, 0.5f);
        block[4] = 3;
        block[8] = 10;
        block[4 + 11] = (byte) 0x16;
        block[16] = 0x01;
        block[16 + 31] = (byte) 0x80;
        block[48] = 0x0b;
        block[48 + 127] = (byte) 0x90;
        float[] expected = new float[256];
        Arrays.fill(expected, 0, 32, -0.5f * 10);
        expected[0] = 2 * 3 * (16 + 11) - 5;
        Arrays.fill(expected, 224, 256, -0.5f);
        expected[255] = 2 * 6 * (16 + 9) - 0.5f;
        assertArrayEquals(expected, Blocks.decode(DType.Q5_K, block));
    }
}
