package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
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
        super(DType.Q6_K);
    }

    @Override
    void decodeBlock(MemorySegment blocks, long offset, float[] out, int at) {
        float d = f16(blocks, offset + D);
        for (int half = 0; half < 2; half++) {
            for (int run = 0; run < 4; run++) {
                long low = offset + half * 64L + (run % 2) * 32L;
                int lowShift = (run / 2) * 4;
                for (int j = 0; j < 32; j++) {
                    int q = (u8(blocks, low + j) >> lowShift) & 0xf;
                    q |= ((u8(blocks, offset + HIGH + half * 32L + j) >> (run * 2)) & 3) << 4;
                    float scale = d * i8(blocks, offset + SCALES + half * 8L + run * 2L + j / 16);
                    out[at + half * 128 + run * 32 + j] = scale * (q - 32);
                }
            }
        }
    }
}
