package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code Q2_K}: {@code u8 scales[16]; u8 qs[64]; f16 d; f16 dmin}. Sixteen groups of 16; a byte of {@code scales} has a group's
 * scale in its low nibble and its minimum in the high one. Two halves of 128 elements, each four runs of 32 that share the 32
 * bytes of {@code qs}: the first run has their lowest two bits.
 */
final class Q2K extends BlockCodec {
    static final Q2K INSTANCE = new Q2K();

    private static final int QUANTS = 16;
    private static final int D = 80;
    private static final int D_MIN = 82;

    private Q2K() {
        super(DType.Q2_K, 16, 0, 3, true);
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        pairs(in, at + QUANTS, q, to);
    }

    /** From 64 bytes, half by half, the four runs of bit pairs. */
    static void pairs(byte[] in, int at, byte[] q, int to) {
        for (int j = 0; j < 256; j++) {
            q[to + j] = (byte) ((in[at + j / 128 * 32 + j % 32] >> (j / 32 % 4 * 2)) & 3);
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        float d = f16(in, at + D);
        for (int g = 0; g < 16; g++) {
            scales[to + g] = d * (in[at + g] & 0xf);
        }
    }

    @Override
    void readOffsets(byte[] in, int at, float[] offsets, int to) {
        float d = f16(in, at + D_MIN);
        for (int g = 0; g < 16; g++) {
            offsets[to + g] = -(d * ((in[at + g] >> 4) & 0xf));
        }
    }
}
