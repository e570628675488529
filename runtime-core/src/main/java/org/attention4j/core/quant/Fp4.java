package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * Floats of four bits (E2M1: 0 0.5 1 1.5 2 3 4 6 and their negatives) with shared scales. Here q is twice the float, and scales
 * are halved.
 *
 * <p>{@code MXFP4}: {@code u8 e; u8 qs[16]}, with the nibbles of {@link Q4}; the scale is 2^(e − 127) (E8M0 of the OCP
 * Microscaling Formats specification, but for e = 255, which is 2^128 here and NaN there).
 *
 * <p>{@code NVFP4}: {@code u8 scales[4]; u8 qs[32]}. Four groups of 16, each with eight bytes: element j in the low nibble of
 * byte j, element j + 8 in its high nibble. A scale is a float with four bits of exponent and three of mantissa (E4M3), whose
 * sign bit is ignored; 127, which is NaN there, is 0.
 */
abstract class Fp4 extends BlockCodec {
    static final Fp4 MX = new Mx();
    static final Fp4 NV = new Nv();

    private static final byte[] TWICE = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private Fp4(DType dtype, int group) {
        super(dtype, group, -12, 12);
    }

    /** From {@code n} bytes {@code 2·n} numbers. */
    private static void floats(byte[] in, int at, int n, byte[] q, int to) {
        Q4.nibbles(in, at, n, q, to);
        for (int j = to; j < to + 2 * n; j++) {
            q[j] = TWICE[q[j]];
        }
    }

    private static final class Mx extends Fp4 {
        Mx() {
            super(DType.MXFP4, 32);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            floats(in, at + 1, 16, q, to);
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            scales[to] = Math.scalb(1f, u8(in, at) - 128);
        }
    }

    private static final class Nv extends Fp4 {
        Nv() {
            super(DType.NVFP4, 16);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int g = 0; g < 4; g++) {
                floats(in, at + 4 + g * 8, 8, q, to + g * 16);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            for (int g = 0; g < 4; g++) {
                scales[to + g] = in[at + g] == 127 ? 0 : e4m3(in[at + g]) / 2;
            }
        }

        private static float e4m3(int bits) {
            int exponent = (bits >> 3) & 0xf;
            int mantissa = bits & 7;
            return exponent == 0 ? Math.scalb((float) mantissa, -9) : Math.scalb(8f + mantissa, exponent - 10);
        }
    }
}
