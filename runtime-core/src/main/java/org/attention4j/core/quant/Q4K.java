package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code Q4_K}: {@code f16 d; f16 dmin; u8 scales[12]; u8 qs[128]}. Eight groups of 32; group g has a 6-bit scale and a
 * 6-bit minimum packed in {@code scales}. Each 32 bytes of {@code qs} hold two groups: low nibbles the even one, high
 * nibbles the odd one.
 */
final class Q4K extends BlockCodec {
    static final Q4K INSTANCE = new Q4K();

    private static final int SCALES = 4;
    private static final int QUANTS = 16;

    private Q4K() {
        super(DType.Q4_K, 32, 0, 15, true);
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        nibbles(in, at + QUANTS, q, to);
    }

    /** From 128 bytes the nibbles of eight groups. */
    static void nibbles(byte[] in, int at, byte[] q, int to) {
        for (int pair = 0; pair < 4; pair++) {
            Q4.nibbles(in, at + pair * 32, 32, q, to + pair * 64);
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        sixBitScales(in, at, scales, to);
    }

    @Override
    void readOffsets(byte[] in, int at, float[] offsets, int to) {
        sixBitOffsets(in, at, offsets, to);
    }

    /** The scales of a block that begins with {@code d}, {@code dmin} and {@code scales}. */
    static void sixBitScales(byte[] in, int at, float[] scales, int to) {
        float d = f16(in, at);
        int s = at + SCALES;
        for (int g = 0; g < 4; g++) {
            scales[to + g] = d * (in[s + g] & 63);
            scales[to + g + 4] = d * ((in[s + g + 8] & 0xf) | ((in[s + g] >> 6) & 3) << 4);
        }
    }

    /** The offsets, −dmin·m, of a block that begins with {@code d}, {@code dmin} and {@code scales}. */
    static void sixBitOffsets(byte[] in, int at, float[] offsets, int to) {
        float d = f16(in, at + 2);
        int s = at + SCALES;
        for (int g = 0; g < 4; g++) {
            offsets[to + g] = -(d * (in[s + g + 4] & 63));
            offsets[to + g + 4] = -(d * (((in[s + g + 8] >> 4) & 0xf) | ((in[s + g + 4] >> 6) & 3) << 4));
        }
    }
}
