package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code Q5_K}: {@code f16 d; f16 dmin; u8 scales[12]; u8 qh[32]; u8 qs[128]}: {@link Q4K}, and bit g of {@code qh[j]} as the
 * fifth bit of element j of group g.
 */
final class Q5K extends BlockCodec {
    static final Q5K INSTANCE = new Q5K();

    private static final int HIGH = 16;
    private static final int QUANTS = 48;

    private Q5K() {
        super(DType.Q5_K, 32, 0, 31, true);
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        Q4K.nibbles(in, at + QUANTS, q, to);
        for (int j = 0; j < 256; j++) {
            q[to + j] |= (byte) (((in[at + HIGH + j % 32] >> (j / 32)) & 1) << 4);
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        Q4K.sixBitScales(in, at, scales, to);
    }

    @Override
    void readOffsets(byte[] in, int at, float[] offsets, int to) {
        Q4K.sixBitOffsets(in, at, offsets, to);
    }
}
