package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q5Test {
    /** Bit j of the four bytes after the scale belongs to element j, whether its nibble is low or high. */
    @Test
    void q50() {
        byte[] block = new byte[22];
        Blocks.putF16(block, 0, 0.25f);
        block[2] = 1;
        block[5] = (byte) 0x80;
        block[6] = 0x05;
        block[21] = (byte) 0x70;
        float[] expected = Blocks.filled(32, -4);
        expected[0] = (16 + 5 - 16) * 0.25f;
        expected[31] = (16 + 7 - 16) * 0.25f;
        assertArrayEquals(expected, Blocks.decode(DType.Q5_0, block));
    }

    @Test
    void q51() {
        byte[] block = new byte[24];
        Blocks.putF16(block, 0, 2);
        Blocks.putF16(block, 2, 1);
        block[5] = 2;
        block[8 + 9] = 0x3c;
        float[] expected = Blocks.filled(32, 1);
        expected[9] = 2 * (16 + 12) + 1;
        expected[25] = 2 * 3 + 1;
        assertArrayEquals(expected, Blocks.decode(DType.Q5_1, block));
    }
}
