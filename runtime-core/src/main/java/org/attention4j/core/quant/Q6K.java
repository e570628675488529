package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code Q6_K}: {@code u8 ql[128]; u8 qh[64]; i8 scales[16]; f16 d}. Two halves of 128 elements; in each, {@code ql} gives
 * the low four bits and {@code qh} the high two of four interleaved runs of 32; every 16 elements share a scale.
 */
final class Q6K extends BlockCodec {
    static final Q6K INSTANCE = new Q6K();

    private static final int HIGH = 128;
    private static final int SCALES = 192;
    private static final int D = 208;

    private Q6K() {
        super(DType.Q6_K, 16, -32, 31);
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        Q2K.pairs(in, at + HIGH, q, to);
        for (int half = 0; half < 2; half++) {
            int low = at + half * 64;
            int out = to + half * 128;
            for (int j = 0; j < 64; j++) {
                int both = in[low + j];
                q[out + j] = (byte) (((both & 0xf) | (q[out + j] << 4)) - 32);
                q[out + 64 + j] = (byte) ((((both >> 4) & 0xf) | (q[out + 64 + j] << 4)) - 32);
            }
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        float d = f16(in, at + D);
        for (int g = 0; g < 16; g++) {
            scales[to + g] = d * in[at + SCALES + g];
        }
    }
}
