package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Iq3Test {
    /** Index 0 is four times 4; seven signs stand for eight elements. */
    @Test
    void iq3xxs() {
        byte[] block = new byte[98];
        Blocks.putF16(block, 0, 1);
        byte[] last = new byte[4];
        Codebook.IQ3_XXS.copy(255, last, 0);
        block[2 + 63] = (byte) 0xff;
        block[66] = 0x01;
        block[97] = (byte) 0x50;
        float[] expected = Blocks.filled(256, 4 * 0.25f);
        Arrays.fill(expected, 224, 256, 4 * 2.75f);
        expected[0] = -1;
        expected[7] = -1;
        for (int i = 0; i < 4; i++) {
            expected[252 + i] = last[i] * 2.75f;
        }
        assertArrayEquals(expected, Blocks.decode(DType.IQ3_XXS, block));
    }

    @Test
    void iq3s() {
        byte[] block = new byte[110];
        Blocks.putF16(block, 0, 0.5f);
        byte[] last = new byte[4];
        Codebook.IQ3_S.copy(511, last, 0);
        block[2 + 63] = (byte) 0xff;
        block[66 + 7] = (byte) 0x80;
        block[74 + 31] = 0x11;
        block[106 + 3] = (byte) 0x60;
        float[] expected = Blocks.filled(256, 0.5f);
        Arrays.fill(expected, 224, 256, 6.5f);
        expected[248] = -6.5f;
        for (int i = 0; i < 4; i++) {
            expected[252 + i] = (i == 0 ? -last[i] : last[i]) * 6.5f;
        }
        assertArrayEquals(expected, Blocks.decode(DType.IQ3_S, block));
    }
}
