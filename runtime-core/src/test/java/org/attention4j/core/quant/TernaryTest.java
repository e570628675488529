package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class TernaryTest {
    /** 0.11111 to base 3 is 121/243; the byte is the next 256th. */
    @Test
    void tq10() {
        byte[] block = new byte[54];
        Arrays.fill(block, 0, 52, (byte) 128);
        Blocks.putF16(block, 52, 0.5f);
        block[1] = (byte) 255;
        block[47] = (byte) Math.ceilDiv(81 * 256, 243);
        block[51] = (byte) Math.ceilDiv((2 * 81 + 27 + 9) * 256, 243);
        float[] expected = new float[256];
        for (int i = 0; i < 5; i++) {
            expected[1 + 32 * i] = 0.5f;
            expected[160 + 15 + 16 * i] = i == 0 ? 0 : -0.5f;
        }
        expected[240 + 3] = 0.5f;
        expected[240 + 15] = -0.5f;
        assertArrayEquals(expected, Blocks.decode(DType.TQ1_0, block));
    }

    @Test
    void tq20() {
        byte[] block = new byte[66];
        Arrays.fill(block, 0, 64, (byte) 0x55);
        Blocks.putF16(block, 64, 0.5f);
        block[0] = 0x54;
        block[63] = (byte) 0x95;
        float[] expected = new float[256];
        expected[0] = -0.5f;
        expected[255] = 0.5f;
        assertArrayEquals(expected, Blocks.decode(DType.TQ2_0, block));
    }
}
