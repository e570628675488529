package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Single elements of a row of a weight, as its type stores it: {@code w} is where the row begins. Inlined into kernels. */
final class Elements {
    private Elements() {}

    static float sixteenBits(ByteArray bytes, FloatArray floats, int type, int w, int k) {
        int bits = (bytes.get(w + 2 * k) & 255) | ((bytes.get(w + 2 * k + 1) & 255) << 8);
        float value;
        if (type == LinearKernel.F16) {
            value = Numbers.half(bytes, w + 2 * k);
        } else {
            value = Numbers.brainHalf(floats, bits);
        }
        return value;
    }

    static float blockOf32(ByteArray bytes, int type, int w, int k) {
        int i = k % 32;
        float value;
        if (type == LinearKernel.Q8_0) {
            int block = w + k / 32 * 34;
            value = Numbers.half(bytes, block) * bytes.get(block + 2 + i);
        } else {
            int block = w + k / 32 * 18;
            int both = bytes.get(block + 2 + i % 16);
            value = Numbers.half(bytes, block) * (((both >> (i / 16 * 4)) & 15) - 8);
        }
        return value;
    }

    static float q4k(ByteArray bytes, int w, int k) {
        int block = w + k / 256 * 144;
        int g = k % 256 / 32;
        int scale;
        int least;
        if (g < 4) {
            scale = bytes.get(block + 4 + g) & 63;
            least = bytes.get(block + 8 + g) & 63;
        } else {
            int low = bytes.get(block + 8 + g) & 255;
            scale = (low & 15) | (((bytes.get(block + g) >> 6) & 3) << 4);
            least = (low >> 4) | (((bytes.get(block + 4 + g) >> 6) & 3) << 4);
        }
        int q = (bytes.get(block + 16 + g / 2 * 32 + k % 32) >> (g % 2 * 4)) & 15;
        return Numbers.half(bytes, block) * scale * q - Numbers.half(bytes, block + 2) * least;
    }

    static float q6k(ByteArray bytes, int w, int k) {
        int block = w + k / 256 * 210;
        int half = k % 256 / 128;
        int run = k % 128 / 32;
        int low = bytes.get(block + half * 64 + run % 2 * 32 + k % 32) >> (run / 2 * 4);
        int high = bytes.get(block + 128 + half * 32 + k % 32) >> (run * 2);
        int q = ((low & 15) | ((high & 3) << 4)) - 32;
        return Numbers.half(bytes, block + 208) * bytes.get(block + 192 + k % 256 / 16) * q;
    }
}
