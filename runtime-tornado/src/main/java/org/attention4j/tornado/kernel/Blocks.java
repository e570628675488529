package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Runs of up to 32 elements of a weight's row, as its type stores it, as floats in a private array. {@code w} is where the row
 * begins, {@code k} the first element, a multiple of 32. Inlined into kernels.
 */
public final class Blocks {
    /** Elements of a run. */
    public static final int RUN = 32;

    private Blocks() {}

    private static int word(ByteArray bytes, int at) {
        return (bytes.get(at) & 255) | ((bytes.get(at + 1) & 255) << 8);
    }

    /** Of a plain type. */
    static void plain(ByteArray bytes, FloatArray floats, int type, int w, int k, int count, float[] out, int at) {
        if (type == LinearKernel.F32) {
            for (int j = 0; j < count; j++) {
                out[at + j] = floats.get(w + k + j);
            }
        } else if (type == LinearKernel.F16) {
            for (int j = 0; j < count; j++) {
                out[at + j] = Numbers.half(bytes, w + 2 * (k + j));
            }
        } else {
            for (int j = 0; j < count; j++) {
                out[at + j] = Numbers.brainHalf(floats, word(bytes, w + 2 * (k + j)));
            }
        }
    }

    /** Of a type of blocks. */
    static void decode(ByteArray bytes, int type, int w, int k, int count, float[] out, int at) {
        if (type == LinearKernel.Q8_0) {
            int block = w + k / 32 * 34;
            float scale = Numbers.half(bytes, block);
            for (int j = 0; j < count; j++) {
                out[at + j] = scale * bytes.get(block + 2 + j);
            }
        } else if (type == LinearKernel.Q4_0) {
            int block = w + k / 32 * 18;
            float scale = Numbers.half(bytes, block);
            for (int j = 0; j < count; j++) {
                int both = bytes.get(block + 2 + (j & 15));
                out[at + j] = scale * (((both >> (j / 16 * 4)) & 15) - 8);
            }
        } else if (type == LinearKernel.Q4_K) {
            q4k(bytes, w + k / 256 * 144, k % 256 / 32, count, out, at);
        } else {
            q6k(bytes, w + k / 256 * 210, k % 256 / 32, count, out, at);
        }
    }

    private static void q4k(ByteArray bytes, int block, int g, int count, float[] out, int at) {
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
        float step = Numbers.half(bytes, block) * scale;
        float offset = Numbers.half(bytes, block + 2) * least;
        int q = block + 16 + g / 2 * 32;
        int shift = g % 2 * 4;
        for (int j = 0; j < count; j++) {
            out[at + j] = step * ((bytes.get(q + j) >> shift) & 15) - offset;
        }
    }

    private static void q6k(ByteArray bytes, int block, int g, int count, float[] out, int at) {
        int half = g / 4;
        int run = g % 4;
        int low = block + half * 64 + run % 2 * 32;
        int high = block + 128 + half * 32;
        int lowShift = run / 2 * 4;
        int highShift = run * 2;
        float scale = Numbers.half(bytes, block + 208);
        for (int j = 0; j < count; j++) {
            int q = ((bytes.get(low + j) >> lowShift) & 15) | (((bytes.get(high + j) >> highShift) & 3) << 4);
            out[at + j] = scale * bytes.get(block + 192 + g * 2 + j / 16) * (q - 32);
        }
    }
}
