package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
import org.attention4j.core.tensor.DType;

/** {@code Q8_0}: {@code f16 d; i8 qs[32]}. */
final class Q8 extends BlockCodec {
    static final Q8 INSTANCE = new Q8();

    private Q8() {
        super(DType.Q8_0);
    }

    @Override
    void decodeBlock(MemorySegment blocks, long offset, float[] out, int at) {
        float d = f16(blocks, offset);
        for (int j = 0; j < 32; j++) {
            out[at + j] = i8(blocks, offset + 2 + j) * d;
        }
    }
}
