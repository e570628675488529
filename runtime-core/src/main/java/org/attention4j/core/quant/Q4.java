package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code Q4_0}: {@code f16 d; u8 qs[16]} and {@code Q4_1}: {@code f16 d; f16 m; u8 qs[16]}; element j in the low nibble of byte
 * j, element j + 16 in its high nibble.
 */
final class Q4 extends BlockCodec {
    static final Q4 Q4_0 = new Q4(DType.Q4_0, -8, false);
    static final Q4 Q4_1 = new Q4(DType.Q4_1, 0, true);

    private final int quants;

    private Q4(DType dtype, int least, boolean hasOffsets) {
        super(dtype, 32, least, least + 15, hasOffsets);
        this.quants = hasOffsets ? 4 : 2;
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        nibbles(in, at + quants, 16, q, to);
        if (least() != 0) {
            for (int j = to; j < to + 32; j++) {
                q[j] += (byte) least();
            }
        }
    }

    /** From n bytes the low nibbles, then the high ones. */
    static void nibbles(byte[] in, int at, int n, byte[] q, int to) {
        for (int j = 0; j < n; j++) {
            int both = in[at + j];
            q[to + j] = (byte) (both & 0xf);
            q[to + n + j] = (byte) ((both >> 4) & 0xf);
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        scales[to] = f16(in, at);
    }

    @Override
    void readOffsets(byte[] in, int at, float[] offsets, int to) {
        offsets[to] = f16(in, at + 2);
    }
}
