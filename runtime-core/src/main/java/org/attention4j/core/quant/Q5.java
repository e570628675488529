package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code Q5_0}: {@code f16 d; u32 qh; u8 qs[16]} and {@code Q5_1}: {@code f16 d; f16 m; u32 qh; u8 qs[16]}: the nibbles of
 * {@link Q4}, and bit j of {@code qh} as the fifth bit of element j.
 */
final class Q5 extends BlockCodec {
    static final Q5 Q5_0 = new Q5(DType.Q5_0, -16, false);
    static final Q5 Q5_1 = new Q5(DType.Q5_1, 0, true);

    private final int high;

    private Q5(DType dtype, int least, boolean hasOffsets) {
        super(dtype, 32, least, least + 31, hasOffsets);
        this.high = hasOffsets ? 4 : 2;
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        Q4.nibbles(in, at + high + 4, 16, q, to);
        int bits = i32(in, at + high);
        for (int j = 0; j < 32; j++) {
            q[to + j] = (byte) ((q[to + j] | ((bits >> j) & 1) << 4) + least());
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
