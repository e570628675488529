package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Iq2Test {
    /** Index 0 is eight times 8, in every codebook. */
    private static float[] expected(int group, float first, float last) {
        float[] expected = Blocks.filled(256, first * 8);
        Arrays.fill(expected, 256 - group, 256, last * 8);
        return expected;
    }

    @Test
    void iq2xxs() {
        byte[] block = new byte[66];
        Blocks.putF16(block, 0, 1);
        block[2] = 1;
        block[6] = 1;
        block[65] = (byte) (0x30 | 0x08);
        float[] expected = expected(32, 0.125f, 3.5f / 4);
        expected[0] = -43 * 0.125f;
        expected[7] = -8 * 0.125f;
        expected[254] = -8 * 3.5f / 4;
        expected[255] = -8 * 3.5f / 4;
        assertArrayEquals(expected, Blocks.decode(DType.IQ2_XXS, block));
    }

    @Test
    void iq2xs() {
        byte[] block = new byte[74];
        Blocks.putF16(block, 0, 1);
        block[2] = (byte) 0xff;
        block[3] = 1;
        block[65] = 0x02 | 0x04;
        block[66 + 7] = (byte) 0xf0;
        float[] expected = expected(16, 0.125f, 15.5f / 4);
        Arrays.fill(expected, 0, 8, 43 * 0.125f);
        expected[248] = -8 * 15.5f / 4;
        expected[249] = -8 * 15.5f / 4;
        assertArrayEquals(expected, Blocks.decode(DType.IQ2_XS, block));
    }

    @Test
    void iq2s() {
        byte[] block = new byte[82];
        Blocks.putF16(block, 0, 1);
        byte[] last = new byte[8];
        Codebook.IQ2_S.copy(1023, last, 0);
        block[2 + 31] = (byte) 0xff;
        block[66 + 7] = (byte) 0xc0;
        block[34] = (byte) 0x80;
        block[74 + 7] = 0x70;
        float[] expected = expected(16, 0.125f, 7.5f / 4);
        expected[7] = -1;
        for (int i = 0; i < 8; i++) {
            expected[248 + i] = last[i] * 7.5f / 4;
        }
        assertArrayEquals(expected, Blocks.decode(DType.IQ2_S, block));
    }
}
