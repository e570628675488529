package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Arithmetic that kernels lack: inlined into them. */
final class Numbers {
    private static final float NO_FRACTION = 8388608f;

    private Numbers() {}

    static float floor(float x) {
        float down = x;
        if (x < NO_FRACTION && x > -NO_FRACTION) {
            float whole = (float) (int) x;
            down = whole > x ? whole - 1f : whole;
        }
        return down;
    }

    static float sigmoid(float x) {
        float e = TornadoMath.exp(-TornadoMath.abs(x));
        return (x >= 0f ? 1f : e) / (1f + e);
    }

    static float mod(float x, float y) {
        return x - floor(x / y) * y;
    }

    /** x, or infinity for NaN, which is above all numbers. */
    static float ordered(float x) {
        float y = 1f / 0f;
        if (x <= 0f) {
            y = x;
        } else if (x > 0f) {
            y = x;
        }
        return y;
    }

    /** The larger one; NaN if one is NaN. */
    static float max(float x, float y) {
        return x >= y ? x : y > x ? y : x + y;
    }

    /** The smaller one; NaN if one is NaN. */
    static float min(float x, float y) {
        return x <= y ? x : y < x ? y : x + y;
    }

    /** Near 0 by its series, else by a Chebyshev fit of erfc (Numerical Recipes, 2nd edition, section 6.2): to about 2e-7. */
    static float erf(float x) {
        float a = TornadoMath.abs(x);
        float result;
        if (a < 0.5f) {
            float s = x * x;
            float series = 0.0046296297f - s * 0.00075757573f;
            series = 0.1f - s * (0.023809524f - s * series);
            result = 1.1283792f * x * (1f - s * (0.33333334f - s * series));
        } else {
            float t = 1f / (1f + 0.5f * a);
            float p = 1.4885159f + t * (-0.82215226f + t * 0.17087276f);
            p = -0.18628806f + t * (0.27886808f + t * (-1.135204f + t * p));
            p = 1.0000237f + t * (0.37409195f + t * (0.09678418f + t * p));
            float tail = t * TornadoMath.exp(-a * a - 1.2655122f + t * p);
            result = x >= 0f ? 1f - tail : tail - 1f;
        }
        return result;
    }

    /**
     * x with {@code bits} significant bits and no exponent below {@code least}, rounded to nearest, ties to even; infinite from
     * {@code limit} on. Kernels can't look at a float's bits, so this goes by powers of two.
     */
    static float round(FloatArray floats, float x, int bits, int least, float limit) {
        float a = TornadoMath.abs(x);
        float result = x;
        if (a >= limit) {
            result = x / 0f;
        } else if (a > 0f) {
            int e = (int) floor(TornadoMath.log2(a));
            // The logarithm may be off by a hair.
            if (e < -149) {
                e = -149;
            }
            if (floats.get(Rows.POWERS + 150 + e) > a) {
                e = e - 1;
            } else if (e < 127 && floats.get(Rows.POWERS + 151 + e) <= a) {
                e = e + 1;
            }
            if (e < least) {
                e = least;
            }
            int quantum = e - bits + 1;
            float q = floats.get(Rows.POWERS + 150 + (quantum < -149 ? -149 : quantum));
            float scaled = a / q;
            int whole = (int) scaled;
            float rest = scaled - whole;
            if (rest > 0.5f || (rest == 0.5f && (whole & 1) == 1)) {
                whole = whole + 1;
            }
            float rounded = whole * q;
            result = x < 0f ? -rounded : rounded;
        }
        return result;
    }

    static int floorDiv(int x, int y) {
        int q = x / y;
        return (x % y != 0 && (x < 0) != (y < 0)) ? q - 1 : q;
    }

    /** The value of a bfloat16, from its bits. */
    static float brainHalf(FloatArray floats, int bits) {
        int exponent = (bits >> 7) & 255;
        int mantissa = bits & 127;
        int power = 1;
        if (exponent > 0) {
            mantissa += 128;
            power = exponent;
        }
        float magnitude = mantissa * floats.get(Rows.POWERS + power + 16);
        return (bits & 32768) != 0 ? -magnitude : magnitude;
    }

    /** The IEEE half at {@code at}, which is even; that must be plain to see, for TornadoVM refuses the check of it. */
    static float half(ByteArray bytes, int at) {
        return bytes.getHalfFloat(at / 2 * 2).getFloat32();
    }
}
