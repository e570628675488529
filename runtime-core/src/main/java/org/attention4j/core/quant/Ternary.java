package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * Elements of −1, 0 or 1 with one scale for 256 of them.
 *
 * <p>{@code TQ1_0}: {@code u8 qs[48]; u8 qh[4]; f16 d}. A byte holds five digits to base 3 (those of {@code qh} four): it is
 * 256/243 of the number with these digits, rounded up, so that multiplying it by 3 carries the first digit out of eight bits.
 * The first digits of 32 bytes are elements 0 to 31, their second digits elements 32 to 63, and so on; then come those of the
 * other 16 bytes, then those of {@code qh}.
 *
 * <p>{@code TQ2_0}: {@code u8 qs[64]; f16 d}, with the bit pairs of {@link Q2K}.
 */
abstract class Ternary extends BlockCodec {
    static final Ternary TQ1 = new Tq1();
    static final Ternary TQ2 = new Tq2();

    private final int scale;

    private Ternary(DType dtype, int most) {
        super(dtype, 256, -1, most);
        this.scale = dtype.blockBytes() - 2;
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        scales[to] = f16(in, at + scale);
    }

    private static final class Tq1 extends Ternary {
        Tq1() {
            super(DType.TQ1_0, 1);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            digits(in, at, 32, 5, q, to);
            digits(in, at + 32, 16, 5, q, to + 160);
            digits(in, at + 48, 4, 4, q, to + 240);
        }

        private static void digits(byte[] in, int at, int bytes, int digits, byte[] q, int to) {
            for (int j = 0; j < bytes; j++) {
                int rest = u8(in, at + j);
                for (int i = 0; i < digits; i++) {
                    rest *= 3;
                    q[to + i * bytes + j] = (byte) ((rest >> 8) - 1);
                    rest &= 0xff;
                }
            }
        }
    }

    /** Two bits can also hold a 2. */
    private static final class Tq2 extends Ternary {
        Tq2() {
            super(DType.TQ2_0, 2);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            Q2K.pairs(in, at, q, to);
            for (int j = to; j < to + 256; j++) {
                q[j]--;
            }
        }
    }
}
