package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * Runs of eight of −1, 0 and 1 from a {@link Codebook}, raised or lowered by 1/8. Here q is eight times that, and a scale is
 * {@code d·(2·s + 1)/8} with three bits of s.
 *
 * <ul>
 *   <li>{@code IQ1_S}: {@code f16 d; u8 qs[32]; u16 qh[8]}. {@code qh} of a group of 32 has four times three upper bits of
 *       indices, s, and in its highest bit whether the group is lowered.
 *   <li>{@code IQ1_M}: {@code u8 qs[32]; u8 qh[16]; u16 scales[4]}. A nibble of {@code qh} has three upper bits of a run's index
 *       and whether the run is lowered. Each of {@code scales} has s of four of the 16 groups of 16, and a nibble of d, an f16
 *       number, the first one its lowest.
 * </ul>
 */
abstract class Iq1 extends BlockCodec {
    static final Iq1 S = new S();
    static final Iq1 M = new M();

    private Iq1(DType dtype, int group) {
        super(dtype, group, -9, 9);
    }

    private static void run(int index, boolean isLowered, byte[] q, int to) {
        Codebook.IQ1.copy(index, q, to);
        for (int i = to; i < to + 8; i++) {
            q[i] = (byte) (8 * q[i] + (isLowered ? -1 : 1));
        }
    }

    private static float scale(float d, int s) {
        return d * (2 * s + 1) * 0.125f;
    }

    private static final class S extends Iq1 {
        S() {
            super(DType.IQ1_S, 32);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int run = 0; run < 32; run++) {
                int rest = u16(in, at + 34 + run / 4 * 2);
                int high = (rest >> (run % 4 * 3)) & 7;
                run(u8(in, at + 2 + run) | high << 8, rest >> 15 != 0, q, to + run * 8);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            float d = f16(in, at);
            for (int g = 0; g < 8; g++) {
                scales[to + g] = scale(d, (u16(in, at + 34 + g * 2) >> 12) & 7);
            }
        }
    }

    private static final class M extends Iq1 {
        M() {
            super(DType.IQ1_M, 16);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int run = 0; run < 32; run++) {
                int rest = in[at + 32 + run / 2] >> (run % 2 * 4);
                run(u8(in, at + run) | (rest & 7) << 8, (rest & 8) != 0, q, to + run * 8);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            int bits = 0;
            for (int i = 0; i < 4; i++) {
                bits |= u16(in, at + 48 + i * 2) >> 12 << (4 * i);
            }
            float d = Float.float16ToFloat((short) bits);
            for (int g = 0; g < 16; g++) {
                scales[to + g] = scale(d, (u16(in, at + 48 + g / 4 * 2) >> (g % 4 * 3)) & 7);
            }
        }
    }
}
