package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Parts of the products of {@link Dots}, for work-items that share a row: those whose sum is the product. Neighbours read what
 * lies side by side: single elements of plain types, runs of eight elements of blocks. Inlined into kernels.
 */
final class LaneDots {
    private static final int RUN = 8;

    private LaneDots() {}

    static float f32(FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        for (int k = lane; k < inner; k += lanes) {
            sum += floats.get(w + k) * floats.get(x + k);
        }
        return sum;
    }

    static float f16(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        for (int k = lane; k < inner; k += lanes) {
            sum += Numbers.half(bytes, w + 2 * k) * floats.get(x + k);
        }
        return sum;
    }

    static float bf16(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        for (int k = lane; k < inner; k += lanes) {
            int bits = (bytes.get(w + 2 * k) & 255) | ((bytes.get(w + 2 * k + 1) & 255) << 8);
            sum += Numbers.brainHalf(floats, bits) * floats.get(x + k);
        }
        return sum;
    }

    /** {@link #f32} with runs of eight elements, whose sums don't wait for each other: for one work-item too. */
    static float f32Runs(FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        int whole = inner / RUN * RUN;
        for (int k = lane * RUN; k < whole; k += lanes * RUN) {
            float part = 0f;
            for (int i = 0; i < RUN; i++) {
                part += floats.get(w + k + i) * floats.get(x + k + i);
            }
            sum += part;
        }
        for (int k = whole + lane; k < inner; k += lanes) {
            sum += floats.get(w + k) * floats.get(x + k);
        }
        return sum;
    }

    /** {@link #f16} by runs. */
    static float f16Runs(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        int whole = inner / RUN * RUN;
        for (int k = lane * RUN; k < whole; k += lanes * RUN) {
            float part = 0f;
            for (int i = 0; i < RUN; i++) {
                part += Numbers.half(bytes, w + 2 * (k + i)) * floats.get(x + k + i);
            }
            sum += part;
        }
        for (int k = whole + lane; k < inner; k += lanes) {
            sum += Numbers.half(bytes, w + 2 * k) * floats.get(x + k);
        }
        return sum;
    }

    /** {@link #bf16} by runs. */
    static float bf16Runs(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        int runs = (inner + RUN - 1) / RUN;
        for (int run = lane; run < runs; run += lanes) {
            int end = (run + 1) * RUN < inner ? (run + 1) * RUN : inner;
            float part = 0f;
            for (int k = run * RUN; k < end; k++) {
                int bits = (bytes.get(w + 2 * k) & 255) | ((bytes.get(w + 2 * k + 1) & 255) << 8);
                part += Numbers.brainHalf(floats, bits) * floats.get(x + k);
            }
            sum += part;
        }
        return sum;
    }

    static float q8(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        for (int run = lane; run < inner / RUN; run += lanes) {
            int block = w + run / 4 * 34;
            int q = block + 2 + run % 4 * RUN;
            int k = x + run * RUN;
            float part = 0f;
            for (int i = 0; i < RUN; i++) {
                part += bytes.get(q + i) * floats.get(k + i);
            }
            sum += Numbers.half(bytes, block) * part;
        }
        return sum;
    }

    static float q4(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        for (int run = lane; run < inner / RUN; run += lanes) {
            int block = w + run / 4 * 18;
            int q = block + 2 + run % 2 * RUN;
            int shift = run % 4 / 2 * 4;
            int k = x + run * RUN;
            float part = 0f;
            for (int i = 0; i < RUN; i++) {
                part += (((bytes.get(q + i) >> shift) & 15) - 8) * floats.get(k + i);
            }
            sum += Numbers.half(bytes, block) * part;
        }
        return sum;
    }

    static float q4k(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        for (int run = lane; run < inner / RUN; run += lanes) {
            int block = w + run / 32 * 144;
            int g = run % 32 / 4;
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
            int q = block + 16 + g / 2 * 32 + run % 4 * RUN;
            int shift = g % 2 * 4;
            int k = x + run * RUN;
            float part = 0f;
            float all = 0f;
            for (int i = 0; i < RUN; i++) {
                float value = floats.get(k + i);
                part += ((bytes.get(q + i) >> shift) & 15) * value;
                all += value;
            }
            sum += Numbers.half(bytes, block) * scale * part - Numbers.half(bytes, block + 2) * least * all;
        }
        return sum;
    }

    static float q6k(ByteArray bytes, FloatArray floats, int w, int x, int inner, int lane, int lanes) {
        float sum = 0f;
        for (int run = lane; run < inner / RUN; run += lanes) {
            int block = w + run / 32 * 210;
            int i = run % 32;
            int low = block + i / 16 * 64 + i / 4 % 2 * 32 + i % 4 * RUN;
            int high = block + 128 + i / 16 * 32 + i % 4 * RUN;
            int lowShift = i / 8 % 2 * 4;
            int highShift = i / 4 % 4 * 2;
            int k = x + run * RUN;
            float part = 0f;
            for (int j = 0; j < RUN; j++) {
                int q = ((bytes.get(low + j) >> lowShift) & 15) | (((bytes.get(high + j) >> highShift) & 3) << 4);
                part += (q - 32) * floats.get(k + j);
            }
            sum += Numbers.half(bytes, block + 208) * bytes.get(block + 192 + i / 2) * part;
        }
        return sum;
    }
}
