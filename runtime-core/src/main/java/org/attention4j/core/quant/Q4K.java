package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
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
        super(DType.Q4_K);
    }

    @Override
    void decodeBlock(MemorySegment blocks, long offset, float[] out, int at) {
        float d = f16(blocks, offset);
        float dmin = f16(blocks, offset + 2);
        for (int g = 0; g < 8; g++) {
            float scale = d * scale(blocks, offset + SCALES, g);
            float min = dmin * min(blocks, offset + SCALES, g);
            long quants = offset + QUANTS + (g / 2) * 32L;
            int shift = (g % 2) * 4;
            for (int j = 0; j < 32; j++) {
                int q = (u8(blocks, quants + j) >> shift) & 0xf;
                out[at + g * 32 + j] = scale * q - min;
            }
        }
    }

    private static int scale(MemorySegment s, long scales, int g) {
        return g < 4 ? u8(s, scales + g) & 63 : (u8(s, scales + g + 4) & 0xf) | ((u8(s, scales + g - 4) >> 6) << 4);
    }

    private static int min(MemorySegment s, long scales, int g) {
        return g < 4 ? u8(s, scales + g + 4) & 63 : (u8(s, scales + g + 4) >> 4) | ((u8(s, scales + g) >> 6) << 4);
    }
}
