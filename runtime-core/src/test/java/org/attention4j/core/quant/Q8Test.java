package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class Q8Test {
    @Test
    void q80() {
        byte[] block = new byte[34];
        Blocks.putF16(block, 0, -0.25f);
        block[2] = 127;
        block[33] = -128;
        float[] expected = new float[32];
        Arrays.fill(expected, -0f);
        expected[0] = -31.75f;
        expected[31] = 32;
        assertArrayEquals(expected, Blocks.decode(DType.Q8_0, block));
    }
}
