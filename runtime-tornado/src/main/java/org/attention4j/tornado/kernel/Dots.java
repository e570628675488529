package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Products of a row of a weight, as its type stores it, with floats: {@code w} is where the row begins, {@code x} where the floats
 * begin. The blocks' layouts are those of {@link org.attention4j.core.tensor.DType}. Inlined into kernels.
 */
final class Dots {
    private Dots() {}

    /** An unsigned little-endian number of 16 bits. */
    private static int word(ByteArray bytes, int at) {
        return (bytes.get(at) & 255) | ((bytes.get(at + 1) & 255) << 8);
    }

    private static float half(ByteArray bytes, int at) {
        return Numbers.half(word(bytes, at));
    }

    static float f32(FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
        for (int begin = 0; begin < inner; begin += 64) {
            int end = begin + 64 < inner ? begin + 64 : inner;
            float part = 0f;
            for (int k = begin; k < end; k++) {
                part += floats.get(w + k) * floats.get(x + k);
            }
            sum += part;
        }
        return sum;
    }

    static float f16(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
        for (int begin = 0; begin < inner; begin += 64) {
            int end = begin + 64 < inner ? begin + 64 : inner;
            float part = 0f;
            for (int k = begin; k < end; k++) {
                part += half(bytes, w + 2 * k) * floats.get(x + k);
            }
            sum += part;
        }
        return sum;
    }

    static float bf16(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
        for (int begin = 0; begin < inner; begin += 64) {
            int end = begin + 64 < inner ? begin + 64 : inner;
            float part = 0f;
            for (int k = begin; k < end; k++) {
                part += Numbers.brainHalf(floats, word(bytes, w + 2 * k)) * floats.get(x + k);
            }
            sum += part;
        }
        return sum;
    }

    static float q8(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
        int at = w;
        for (int begin = 0; begin < inner; begin += 32) {
            int end = begin + 32;
            float part = 0f;
            int q = at + 2 - begin;
            for (int k = begin; k < end; k++) {
                part += bytes.get(q + k) * floats.get(x + k);
            }
            sum += half(bytes, at) * part;
            at += 34;
        }
        return sum;
    }

    static float q4(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
        int at = w;
        for (int begin = 0; begin < inner; begin += 32) {
            int end = begin + 16;
            float part = 0f;
            int q = at + 2 - begin;
            for (int k = begin; k < end; k++) {
                int both = bytes.get(q + k);
                part += ((both & 15) - 8) * floats.get(x + k) + (((both >> 4) & 15) - 8) * floats.get(x + k + 16);
            }
            sum += half(bytes, at) * part;
            at += 18;
        }
        return sum;
    }

    /** Of 256 elements, group by group: each pair of groups shares 32 bytes. */
    static float q4k(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
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
            int shift = i % 2 * 4;
            int q = block + 16 + i / 2 * 32 - g * 32;
            float part = 0f;
            float all = 0f;
            for (int k = g * 32; k < g * 32 + 32; k++) {
                float value = floats.get(x + k);
                part += ((bytes.get(q + k) >> shift) & 15) * value;
                all += value;
            }
            sum += half(bytes, block) * scale * part - half(bytes, block + 2) * least * all;
        }
        return sum;
    }

    /** Of 256 elements, by runs of 32 that share their bytes' bits. */
    static float q6k(ByteArray bytes, FloatArray floats, int w, int x, int inner) {
        float sum = 0f;
        for (int g = 0; g < inner / 16; g++) {
            int block = w + g / 16 * 210;
            int i = g % 16;
            int half = i / 8;
            int run = i % 8 / 2;
            int low = block + half * 64 + run % 2 * 32 + i % 2 * 16 - g * 16;
            int high = block + 128 + half * 32 + i % 2 * 16 - g * 16;
            int lowShift = run / 2 * 4;
            int highShift = run * 2;
            float part = 0f;
            for (int k = g * 16; k < g * 16 + 16; k++) {
                int q = ((bytes.get(low + k) >> lowShift) & 15) | (((bytes.get(high + k) >> highShift) & 3) << 4);
                part += (q - 32) * floats.get(x + k);
            }
            sum += half(bytes, block + 208) * bytes.get(block + 192 + i) * part;
        }
        return sum;
    }
}
