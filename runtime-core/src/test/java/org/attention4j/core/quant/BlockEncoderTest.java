package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BlockEncoderTest {
    @Test
    void q8RoundsHalvesAwayFromZero() {
        float[] in = new float[32];
        in[0] = -127;
        in[1] = 2.5f;
        in[2] = -2.5f;
        in[3] = 0.49999997f;
        byte[] block = encode(DType.Q8_0, in);
        assertArrayEquals(new byte[] {0, 0x3c, -127, 3, -3, 0, 0}, head(block, 7), "f16 1.0, then the bytes");
    }

    @Test
    void q4GivesTheLargestMagnitudeTheEighthStepBelowZero() {
        float[] in = new float[32];
        in[0] = 4;
        in[1] = -4;
        in[2] = 0.25f;
        in[16] = -1.5f;
        byte[] block = encode(DType.Q4_0, in);
        // d = -0.5: 4 is 0 and -4 would be 16, of which 15 is left; 0.25 is 7.5 and rounds to 8; -1.5 is 11.
        assertArrayEquals(
                new byte[] {0, (byte) 0xb8, (byte) 0xb0, (byte) 0x8f, (byte) 0x88, (byte) 0x88}, head(block, 6));
    }

    @Test
    void zerosStayZeros() {
        for (DType dtype : new DType[] {DType.Q8_0, DType.Q4_0, DType.Q4_1, DType.Q4_K, DType.Q6_K}) {
            assertArrayEquals(new float[256], decoded(dtype, new float[256]), 1e-30f);
        }
    }

    @Test
    void decodingComesCloseToWhatWasEncoded() {
        Random random = new Random(1);
        float[] in = new float[512];
        for (int i = 0; i < in.length; i++) {
            in[i] = (float) random.nextGaussian();
        }
        assertErrorBelow(0.57 / 127, DType.Q8_0, in);
        assertErrorBelow(1.01 / 8, DType.Q4_0, in);
        assertErrorBelow(2 * 0.55 / 15, DType.Q4_1, in);
        assertErrorBelow(2 * 0.65 / 15, DType.Q4_K, in);
        assertErrorBelow(1.1 / 32, DType.Q6_K, in);
    }

    @Test
    void encodesAPartIntoThePlaceOfItsBlocks() {
        float[] in = new float[96];
        in[40] = 1;
        MemorySegment out = MemorySegment.ofArray(new byte[3 * 34]);
        BlockEncoder.of(DType.Q8_0).encode(in, 32, 32, out, 2);
        float[] decoded = Tensor.of(DType.Q8_0, Shape.of(96), out).toFloatArray();
        assertEquals(1, decoded[72], 1e-3);
    }

    @Test
    void partsOfBlocksAndOtherTypesAreErrors() {
        var e = assertThrows(IllegalArgumentException.class, () -> encode(DType.Q8_0, new float[33]));
        assertEquals("Q8_0: 33 elements is not a multiple of the block size 32", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> BlockEncoder.of(DType.Q2_K));
        assertEquals("quantise: got Q2_K, expected one of [Q8_0, Q4_0, Q4_1, Q4_K, Q6_K]", e.getMessage());
    }

    /** Values that a block can hold stay what they are. */
    @Test
    void kTypesKeepWhatTheyCanHold() {
        float[] in = new float[256];
        for (int i = 0; i < 256; i++) {
            int scale = i < 32 ? 63 : i / 32;
            in[i] = scale * (i % 16) - scale;
        }
        assertArrayEquals(in, decoded(DType.Q4_K, in));
        for (int i = 0; i < 256; i++) {
            int scale = i / 16 == 3 ? 127 : i / 16;
            in[i] = scale * (i % 16 == 0 ? -32 : 2 * (i % 16) + 1);
        }
        assertArrayEquals(in, decoded(DType.Q6_K, in));
    }

    private static void assertErrorBelow(double part, DType dtype, float[] in) {
        float[] out = decoded(dtype, in);
        for (int block = 0; block < in.length; block += 32) {
            double largest = 0;
            for (int i = block; i < block + 32; i++) {
                largest = Math.max(largest, Math.abs(in[i]));
            }
            for (int i = block; i < block + 32; i++) {
                assertTrue(Math.abs(in[i] - out[i]) <= part * largest, dtype + " element " + i);
            }
        }
    }

    private static float[] decoded(DType dtype, float[] in) {
        return Tensor.of(dtype, Shape.of(in.length), MemorySegment.ofArray(encode(dtype, in)))
                .toFloatArray();
    }

    private static byte[] encode(DType dtype, float[] in) {
        byte[] out = new byte[in.length / dtype.blockSize() * dtype.blockBytes()];
        BlockEncoder.of(dtype).encode(in, 0, in.length, MemorySegment.ofArray(out), 0);
        return out;
    }

    private static byte[] head(byte[] bytes, int n) {
        return Arrays.copyOf(bytes, n);
    }
}
