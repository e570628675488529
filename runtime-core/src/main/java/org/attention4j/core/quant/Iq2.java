package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * Runs of eight from a {@link Codebook}, with signs. A group's scale is {@code d·(0.5 + s)/4} with four bits of s.
 *
 * <ul>
 *   <li>{@code IQ2_XXS}: {@code f16 d}, then for each of eight groups of 32 {@code u8 index[4]; u32 rest}, with four times seven
 *       bits of signs (the eighth makes them even) and s in the highest bits of {@code rest}.
 *   <li>{@code IQ2_XS}: {@code f16 d; u16 qs[32]; u8 scales[8]}, with nine bits of index and seven of signs in each of {@code qs}.
 *   <li>{@code IQ2_S}: {@code f16 d; u8 qs[32]; u8 signs[32]; u8 qh[8]; u8 scales[8]}; bit pairs of {@code qh} are the upper bits
 *       of indices.
 * </ul>
 *
 * Nibbles of {@code scales} are those of 16 groups of 16, low ones first.
 */
abstract class Iq2 extends BlockCodec {
    static final Iq2 XXS = new Xxs();
    static final Iq2 XS = new Xs();
    static final Iq2 S = new S();

    private Iq2(DType dtype, int group) {
        super(dtype, group, -43, 43);
    }

    private static float scale(float d, int s) {
        return d * (0.5f + s) * 0.25f;
    }

    private static void nibbleScales(byte[] in, int at, int nibbles, float[] scales, int to) {
        float d = f16(in, at);
        for (int g = 0; g < 16; g++) {
            scales[to + g] = scale(d, (in[at + nibbles + g / 2] >> (g % 2 * 4)) & 0xf);
        }
    }

    private static final class Xxs extends Iq2 {
        Xxs() {
            super(DType.IQ2_XXS, 32);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int run = 0; run < 32; run++) {
                int group = at + 2 + run / 4 * 8;
                Codebook.IQ2_XXS.copy(u8(in, group + run % 4), q, to + run * 8);
                int signs = (i32(in, group + 4) >> (run % 4 * 7)) & 0x7f;
                Codebook.sign(Codebook.evenSigns(signs), q, to + run * 8);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            float d = f16(in, at);
            for (int g = 0; g < 8; g++) {
                scales[to + g] = scale(d, i32(in, at + 2 + g * 8 + 4) >>> 28);
            }
        }
    }

    private static final class Xs extends Iq2 {
        Xs() {
            super(DType.IQ2_XS, 16);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int run = 0; run < 32; run++) {
                int both = u16(in, at + 2 + run * 2);
                Codebook.IQ2_XS.copy(both & 0x1ff, q, to + run * 8);
                Codebook.sign(Codebook.evenSigns(both >> 9), q, to + run * 8);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            nibbleScales(in, at, 66, scales, to);
        }
    }

    private static final class S extends Iq2 {
        S() {
            super(DType.IQ2_S, 16);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int run = 0; run < 32; run++) {
                int high = (in[at + 66 + run / 4] >> (run % 4 * 2)) & 3;
                Codebook.IQ2_S.copy(u8(in, at + 2 + run) | high << 8, q, to + run * 8);
                Codebook.sign(in[at + 34 + run], q, to + run * 8);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            nibbleScales(in, at, 74, scales, to);
        }
    }
}
