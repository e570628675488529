package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/**
 * Nibbles that index a table of values which are denser around zero.
 *
 * <p>{@code IQ4_NL}: {@code f16 d; u8 qs[16]}, with the nibbles of {@link Q4}. {@code IQ4_XS}: {@code f16 d; u16 scales_h; u8
 * scales_l[4]; u8 qs[128]}: eight groups of 32, each with its own 16 bytes of {@code qs}; a group's 6-bit scale has its low
 * nibble in {@code scales_l} (two in a byte, the first one low) and two more bits in {@code scales_h}.
 */
abstract class Iq4 extends BlockCodec {
    static final Iq4 NL = new Nl();
    static final Iq4 XS = new Xs();

    private static final byte[] TABLE = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    private Iq4(DType dtype) {
        super(dtype, 32, -127, 113);
    }

    private static void lookUp(byte[] in, int at, byte[] q, int to) {
        Q4.nibbles(in, at, 16, q, to);
        for (int j = to; j < to + 32; j++) {
            q[j] = TABLE[q[j]];
        }
    }

    private static final class Nl extends Iq4 {
        Nl() {
            super(DType.IQ4_NL);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            lookUp(in, at + 2, q, to);
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            scales[to] = f16(in, at);
        }
    }

    private static final class Xs extends Iq4 {
        Xs() {
            super(DType.IQ4_XS);
        }

        @Override
        public void quants(byte[] in, int at, byte[] q, int to) {
            for (int g = 0; g < 8; g++) {
                lookUp(in, at + 8 + g * 16, q, to + g * 32);
            }
        }

        @Override
        public void scales(byte[] in, int at, float[] scales, int to) {
            float d = f16(in, at);
            int high = u16(in, at + 2);
            for (int g = 0; g < 8; g++) {
                int low = (in[at + 4 + g / 2] >> (g % 2 * 4)) & 0xf;
                scales[to + g] = d * ((low | ((high >> (2 * g)) & 3) << 4) - 32);
            }
        }
    }
}
