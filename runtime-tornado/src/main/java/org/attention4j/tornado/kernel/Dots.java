package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Products of a row of a weight, as its type stores it, with floats, by one work-item: {@code w} is where the row begins,
 * {@code x} where the floats begin. The blocks' layouts are those of {@link org.attention4j.core.tensor.DType}. Each has eight
 * sums, which don't wait for each other and lose less than one. Inlined into kernels.
 */
final class Dots {
    private static final int SUMS = 8;

    private Dots() {}

    private static void clear(float[] sums) {
        for (int i = 0; i < SUMS; i++) {
            sums[i] = 0f;
        }
    }

    private static float total(float[] s) {
        return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    }

    static float f32(FloatArray floats, int w, int x, int inner) {
        float[] s = new float[SUMS];
        clear(s);
        int whole = inner / SUMS * SUMS;
        for (int k = 0; k < whole; k += SUMS) {
            for (int i = 0; i < SUMS; i++) {
                s[i] += floats.get(w + k + i) * floats.get(x + k + i);
            }
        }
        float rest = 0f;
        for (int k = whole; k < inner; k++) {
            rest += floats.get(w + k) * floats.get(x + k);
        }
        return total(s) + rest;
    }

    static float f16(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float[] s = new float[SUMS];
        clear(s);
        int whole = inner / SUMS * SUMS;
        for (int k = 0; k < whole; k += SUMS) {
            for (int i = 0; i < SUMS; i++) {
                s[i] += Numbers.half(bytes, w + 2 * (k + i)) * floats.get(x + k + i);
            }
        }
        float rest = 0f;
        for (int k = whole; k < inner; k++) {
            rest += Numbers.half(bytes, w + 2 * k) * floats.get(x + k);
        }
        return total(s) + rest;
    }

    static float bf16(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
        for (int begin = 0; begin < inner; begin += 64) {
            int end = begin + 64 < inner ? begin + 64 : inner;
            float part = 0f;
            for (int k = begin; k < end; k++) {
                int bits = (bytes.get(w + 2 * k) & 255) | ((bytes.get(w + 2 * k + 1) & 255) << 8);
                part += Numbers.brainHalf(floats, bits) * floats.get(x + k);
            }
            sum += part;
        }
        return sum;
    }

    static float q8(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float[] s = new float[SUMS];
        clear(s);
        for (int b = 0; b < inner / 32; b++) {
            int q = w + b * 34;
            int k = x + b * 32;
            float scale = Numbers.half(bytes, q);
            for (int i = 0; i < SUMS; i++) {
                s[i] += scale
                        * (bytes.get(q + 2 + i) * floats.get(k + i)
                                + bytes.get(q + 10 + i) * floats.get(k + 8 + i)
                                + bytes.get(q + 18 + i) * floats.get(k + 16 + i)
                                + bytes.get(q + 26 + i) * floats.get(k + 24 + i));
            }
        }
        return total(s);
    }

    static float q4(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float[] s = new float[SUMS];
        clear(s);
        for (int b = 0; b < inner / 32; b++) {
            int q = w + b * 18;
            int k = x + b * 32;
            float scale = Numbers.half(bytes, q);
            for (int i = 0; i < SUMS; i++) {
                int first = bytes.get(q + 2 + i);
                int second = bytes.get(q + 10 + i);
                s[i] += scale
                        * (((first & 15) - 8) * floats.get(k + i)
                                + ((second & 15) - 8) * floats.get(k + 8 + i)
                                + (((first >> 4) & 15) - 8) * floats.get(k + 16 + i)
                                + (((second >> 4) & 15) - 8) * floats.get(k + 24 + i));
            }
        }
        return total(s);
    }

    /** Of 256 elements, group by group: each pair of groups shares 32 bytes. */
    static float q4k(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float[] s = new float[SUMS];
        clear(s);
        for (int g = 0; g < inner / 32; g++) {
            int block = w + g / 8 * 144;
            int i = g % 8;
            int scale;
            int least;
            if (i < 4) {
                scale = bytes.get(block + 4 + i) & 63;
                least = bytes.get(block + 8 + i) & 63;
            } else {
                int low = bytes.get(block + 8 + i) & 255;
                scale = (low & 15) | ((bytes.get(block + i) >> 6) & 3) << 4;
                least = (low >> 4) | ((bytes.get(block + 4 + i) >> 6) & 3) << 4;
            }
            float step = Numbers.half(bytes, block) * scale;
            float offset = Numbers.half(bytes, block + 2) * least;
            int shift = i % 2 * 4;
            int q = block + 16 + i / 2 * 32;
            int k = x + g * 32;
            for (int j = 0; j < SUMS; j++) {
                s[j] += (step * ((bytes.get(q + j) >> shift) & 15) - offset) * floats.get(k + j)
                        + (step * ((bytes.get(q + 8 + j) >> shift) & 15) - offset) * floats.get(k + 8 + j)
                        + (step * ((bytes.get(q + 16 + j) >> shift) & 15) - offset) * floats.get(k + 16 + j)
                        + (step * ((bytes.get(q + 24 + j) >> shift) & 15) - offset) * floats.get(k + 24 + j);
            }
        }
        return total(s);
    }

    /** Of 256 elements, by runs of 16 that share a scale. */
    static float q6k(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float[] s = new float[SUMS];
        clear(s);
        for (int g = 0; g < inner / 16; g++) {
            int block = w + g / 16 * 210;
            int i = g % 16;
            int part = i / 8;
            int run = i % 8 / 2;
            int low = block + part * 64 + run % 2 * 32 + i % 2 * 16;
            int high = block + 128 + part * 32 + i % 2 * 16;
            int lowShift = run / 2 * 4;
            int highShift = run * 2;
            float scale = Numbers.half(bytes, block + 208) * bytes.get(block + 192 + i);
            int k = x + g * 16;
            for (int j = 0; j < SUMS; j++) {
                int a = ((bytes.get(low + j) >> lowShift) & 15) | (((bytes.get(high + j) >> highShift) & 3) << 4);
                int b = ((bytes.get(low + 8 + j) >> lowShift) & 15)
                        | (((bytes.get(high + 8 + j) >> highShift) & 3) << 4);
                s[j] += scale * ((a - 32) * floats.get(k + j) + (b - 32) * floats.get(k + 8 + j));
            }
        }
        return total(s);
    }
}
