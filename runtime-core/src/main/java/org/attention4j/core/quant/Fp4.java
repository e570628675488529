package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * Floats of four bits (E2M1: 0 0.5 1 1.5 2 3 4 6 and their negatives) with shared scales. Here q is twice the float, and scales
 * are halved.
 *
 * <p>{@code MXFP4}: {@code u8 e; u8 qs[16]}, with the nibbles of {@link Q4}; the scale is 2^(e − 127) (E8M0 of the OCP
 * Microscaling Formats specification, but for e = 255, which is 2^128 here and NaN there).
 */
final class Fp4 extends BlockCodec {
    static final Fp4 MX = new Fp4();

    private static final byte[] TWICE = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private Fp4() {
        super(DType.MXFP4, 32, -12, 12);
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        Q4.nibbles(in, at + 1, 16, q, to);
        for (int j = to; j < to + 32; j++) {
            q[j] = TWICE[q[j]];
        }
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        scales[to] = Math.scalb(1f, u8(in, at) - 128);
    }
}
