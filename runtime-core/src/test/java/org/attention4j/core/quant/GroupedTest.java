package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class GroupedTest {
    private static byte[] block(DType dtype, float scale, int zeroPoint) {
        byte[] block = new byte[dtype.blockBytes()];
        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, scale).put(4, (byte) zeroPoint);
        return block;
    }

    @Test
    void fourBits() {
        byte[] block = block(DType.INT4_G16, 0.5f, 15);
        block[5] = (byte) 0xf1;
        block[12] = 0x20;
        float[] expected = Blocks.filled(16, -7.5f);
        expected[0] = -7;
        expected[1] = 0;
        expected[15] = -6.5f;
        assertArrayEquals(expected, Blocks.decode(DType.INT4_G16, block));
    }

    @Test
    void twoBits() {
        byte[] block = block(DType.INT2_G64, -1, 2);
        block[5] = (byte) 0b11_10_01_00;
        float[] expected = Blocks.filled(64, 2);
        expected[1] = 1;
        expected[2] = -0f;
        expected[3] = -1;
        assertArrayEquals(expected, Blocks.decode(DType.INT2_G64, block));
    }

    @Test
    void eightBits() {
        byte[] block = block(DType.INT8_G32, 0.25f, 255);
        block[5] = (byte) 255;
        block[36] = (byte) 129;
        float[] expected = Blocks.filled(32, -63.75f);
        expected[0] = 0;
        expected[31] = -31.5f;
        assertArrayEquals(expected, Blocks.decode(DType.INT8_G32, block));
    }

    @Test
    void itsPartsAreInTheRangeThatItStates() {
        BlockCodec codec = BlockCodec.of(DType.INT8_G16);
        byte[] block = block(DType.INT8_G16, 1, 200);
        block[5] = (byte) 255;
        byte[] q = new byte[16];
        byte[] zeroPoint = new byte[1];
        codec.quants(block, 0, q, 0);
        codec.zeroPoints(block, 0, zeroPoint, 0);
        assertEquals(codec.most(), q[0]);
        assertEquals(codec.least(), q[1]);
        assertEquals(200 - 128, zeroPoint[0]);
        assertEquals(16, codec.group());
    }
}
