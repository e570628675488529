package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Iq4Test {
    @Test
    void iq4nl() {
        byte[] block = new byte[18];
        Blocks.putF16(block, 0, 0.5f);
        Arrays.fill(block, 2, 18, (byte) 0x88);
        block[2] = (byte) 0xf0;
        block[17] = 0x37;
        float[] expected = Blocks.filled(32, 0.5f);
        expected[0] = -63.5f;
        expected[16] = 56.5f;
        expected[15] = -5;
        expected[31] = -32.5f;
        assertArrayEquals(expected, Blocks.decode(DType.IQ4_NL, block));
    }

    /** Each group has its own 16 bytes, a nibble of its scale, and two more bits of it. */
    @Test
    void iq4xs() {
        byte[] block = new byte[136];
        Blocks.putF16(block, 0, 0.5f);
        block[2] = (byte) 0xa9;
        block[3] = (byte) 0xea;
        block[4] = 0x05;
        block[7] = 0x10;
        block[8] = 0x01;
        block[135] = (byte) 0xe0;
        float[] expected = new float[256];
        Arrays.fill(expected, 0, 32, 0.5f * (0x15 - 32) * -127);
        Arrays.fill(expected, 32, 224, -0f);
        Arrays.fill(expected, 224, 256, 0.5f * (0x31 - 32) * -127);
        expected[0] = 0.5f * (0x15 - 32) * -104;
        expected[255] = 0.5f * (0x31 - 32) * 89;
        assertArrayEquals(expected, Blocks.decode(DType.IQ4_XS, block));
    }
}
