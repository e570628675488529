package org.attention4j.core.quant;

import java.lang.foreign.MemorySegment;
import org.attention4j.core.tensor.DType;

/** {@code Q4_0}: {@code f16 d; u8 qs[16]}; element j in the low nibble of byte j, element j + 16 in its high nibble. */
final class Q4 extends BlockCodec {
    static final Q4 INSTANCE = new Q4();

    private Q4() {
        super(DType.Q4_0);
    }

    @Override
    void decodeBlock(MemorySegment blocks, long offset, float[] out, int at) {
        float d = f16(blocks, offset);
        for (int j = 0; j < 16; j++) {
            int q = u8(blocks, offset + 2 + j);
            out[at + j] = ((q & 0xf) - 8) * d;
            out[at + j + 16] = ((q >> 4) - 8) * d;
        }
    }
}
