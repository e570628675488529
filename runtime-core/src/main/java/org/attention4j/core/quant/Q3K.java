package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code Q3_K}: {@code u8 hmask[32]; u8 qs[64]; u8 scales[12]; f16 d}. The bit pairs of {@link Q2K}; bit r of {@code hmask[j]}
 * adds 4 to element 32·r + j. Sixteen groups of 16 with 6-bit scales: their low nibbles are those of the first eight bytes of
 * {@code scales}, low ones first, their high bit pairs run through the last four.
 */
final class Q3K extends BlockCodec {
    static final Q3K INSTANCE = new Q3K();

    private static final int QUANTS = 32;
    private static final int SCALES = 96;
    private static final int D = 108;

    private Q3K() {
        super(DType.Q3_K, 16, -4, 3);
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        Q2K.pairs(in, at + QUANTS, q, to);
        for (int j = 0; j < 256; j++) {
            int high = (in[at + j % 32] >> (j / 32)) & 1;
            q[to + j] += (byte) (high * 4 - 4);
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        float d = f16(in, at + D);
        for (int g = 0; g < 16; g++) {
            int low = (in[at + SCALES + g % 8] >> (g / 8 * 4)) & 0xf;
            int high = (in[at + SCALES + 8 + g % 4] >> (g / 4 * 2)) & 3;
            scales[to + g] = d * ((low | high << 4) - 32);
        }
    }
}
