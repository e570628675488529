package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * Runs of four from a {@link Codebook}, with signs; eight groups of 32 have scales of four bits s.
 *
 * <ul>
 *   <li>{@code IQ3_XXS}: {@code f16 d; u8 qs[64]; u32 rest[8]}. {@code rest} of a group has four times seven bits of signs (the
 *       eighth of each makes them even) and s in its highest bits; the scale is {@code d·(0.5 + s)/2}.
 *   <li>{@code IQ3_S}: {@code f16 d; u8 qs[64]; u8 qh[8]; u8 signs[32]; u8 scales[4]}; bits of {@code qh} are the ninth ones of
 *       indices; nibbles of {@code scales}, low ones first, are s; the scale is {@code d·(1 + 2·s)}.
 * </ul>
 */
abstract class Iq3 extends BlockCodec {
    static final Iq3 XXS = new Xxs();
    static final Iq3 S = new S();

    private Iq3(DType dtype, int most) {
        super(dtype, 32, -most, most);
    }

    private static final class Xxs extends Iq3 {
        Xxs() {
            super(DType.IQ3_XXS, 62);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int run = 0; run < 64; run++) {
                Codebook.IQ3_XXS.copy(u8(in, at + 2 + run), q, to + run * 4);
            }
            for (int eight = 0; eight < 32; eight++) {
                int signs = (i32(in, at + 66 + eight / 4 * 4) >> (eight % 4 * 7)) & 0x7f;
                Codebook.sign(Codebook.evenSigns(signs), q, to + eight * 8);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            float d = f16(in, at);
            for (int g = 0; g < 8; g++) {
                scales[to + g] = d * (0.5f + (i32(in, at + 66 + g * 4) >>> 28)) * 0.5f;
            }
        }
    }

    private static final class S extends Iq3 {
        S() {
            super(DType.IQ3_S, 15);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int run = 0; run < 64; run++) {
                int high = (in[at + 66 + run / 8] >> (run % 8)) & 1;
                Codebook.IQ3_S.copy(u8(in, at + 2 + run) | high << 8, q, to + run * 4);
            }
            for (int eight = 0; eight < 32; eight++) {
                Codebook.sign(in[at + 74 + eight], q, to + eight * 8);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            float d = f16(in, at);
            for (int g = 0; g < 8; g++) {
                int s = (in[at + 106 + g / 2] >> (g % 2 * 4)) & 0xf;
                scales[to + g] = d * (1 + 2 * s);
            }
        }
    }
}
