package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * {@code INT2_…, INT4_…, INT8_…}: {@code f32 s; u8 z; qs}, with the q of earlier elements in the lower bits of a byte. Those of
 * eight bits, and their z, are 128 less here than in the block.
 */
final class Grouped extends BlockCodec {
    private static final int ZERO_POINT = Float.BYTES;
    private static final int QUANTS = ZERO_POINT + 1;

    private final int bits;
    private final int size;

    Grouped(DType dtype) {
        this(dtype, (dtype.blockBytes() - QUANTS) * Byte.SIZE / dtype.blockSize());
    }

    private Grouped(DType dtype, int bits) {
        super(dtype, dtype.blockSize(), bits == 8 ? -128 : 0, bits == 8 ? 127 : (1 << bits) - 1);
        this.bits = bits;
        this.size = dtype.blockSize();
    }

    @Override
    public boolean hasZeroPoints() {
        return true;
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        int perByte = Byte.SIZE / bits;
        int mask = (1 << bits) - 1;
        for (int j = 0; j < size; j++) {
            int packed = in[at + QUANTS + j / perByte];
            q[to + j] = (byte) (((packed >> (j % perByte * bits)) & mask) + least());
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        scales[to] = f32(in, at);
    }

    @Override
    public void zeroPoints(byte[] in, int at, byte[] zeroPoints, int to) {
        zeroPoints[to] = (byte) (in[at + ZERO_POINT] + least());
    }
}
