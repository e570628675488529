package org.attention4j.core.quant;

/**
 * Makes blocks of {@link Q4K} and {@link Q6K}: the range of each group becomes its scale (and minimum), which are then rounded
 * to parts of the block's largest ones. ggml searches on from there for scales with smaller errors.
 */
final class KEncoders {
    private KEncoders() {}

    /** From 256 values a block of {@code Q4_K}. */
    static byte[] q4k(float[] in, int at) {
        float[] scales = new float[8];
        float[] mins = new float[8];
        for (int g = 0; g < 8; g++) {
            float low = 0;
            float high = Float.NEGATIVE_INFINITY;
            for (int j = 0; j < 32; j++) {
                low = Math.min(low, in[at + g * 32 + j]);
                high = Math.max(high, in[at + g * 32 + j]);
            }
            scales[g] = Math.max(0, high - low) / 15;
            mins[g] = -low;
        }
        byte[] block = new byte[144];
        float d = putF16(block, 0, largest(scales) / 63);
        float dmin = putF16(block, 2, largest(mins) / 63);
        for (int g = 0; g < 8; g++) {
            int scale = round(scales[g], d, 0, 63);
            int min = round(mins[g], dmin, 0, 63);
            putSixBits(block, g, scale, min);
            for (int j = 0; j < 32; j++) {
                int q = round(in[at + g * 32 + j] + dmin * min, d * scale, 0, 15);
                block[16 + g / 2 * 32 + j] |= (byte) (q << (g % 2 * 4));
            }
        }
        return block;
    }

    private static void putSixBits(byte[] block, int g, int scale, int min) {
        if (g < 4) {
            block[4 + g] |= (byte) scale;
            block[8 + g] |= (byte) min;
        } else {
            block[8 + g] = (byte) ((scale & 0xf) | (min & 0xf) << 4);
            block[g] |= (byte) (scale >> 4 << 6);
            block[4 + g] |= (byte) (min >> 4 << 6);
        }
    }

    /** From 256 values a block of {@code Q6_K}. */
    static byte[] q6k(float[] in, int at) {
        float[] scales = new float[16];
        for (int g = 0; g < 16; g++) {
            float extreme = 0;
            for (int j = 0; j < 16; j++) {
                float x = in[at + g * 16 + j];
                extreme = Math.abs(x) > Math.abs(extreme) ? x : extreme;
            }
            scales[g] = extreme / -32;
        }
        byte[] block = new byte[210];
        float d = putF16(block, 208, largest(scales) / 127);
        for (int g = 0; g < 16; g++) {
            int scale = round(scales[g], d, -127, 127);
            block[192 + g] = (byte) scale;
            for (int j = 0; j < 16; j++) {
                int i = g * 16 + j;
                putSixBitsOf(block, i, 32 + round(in[at + i], d * scale, -32, 31));
            }
        }
        return block;
    }

    private static void putSixBitsOf(byte[] block, int i, int q) {
        int half = i / 128;
        int run = i % 128 / 32;
        block[half * 64 + i % 64] |= (byte) ((q & 0xf) << (run / 2 * 4));
        block[128 + half * 32 + i % 32] |= (byte) (q >> 4 << (run * 2));
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    private static int round(float x, float unit, int least, int most) {
        return unit == 0 ? 0 : Math.clamp(Math.round(x / unit), least, most);
    }

    private static float putF16(byte[] block, int at, float value) {
        short bits = Float.floatToFloat16(value);
        block[at] = (byte) bits;
        block[at + 1] = (byte) (bits >> 8);
        return Float.float16ToFloat(bits);
    }
}
