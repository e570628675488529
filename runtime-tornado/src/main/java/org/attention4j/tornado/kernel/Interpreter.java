package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Runs an elementwise program for one element: inlined into the kernels that have one. A row begins with {@code [elements, rank,
 * operands, instructions, where instructions begin, …]}; from {@link #DIMS} on stand the dims, from {@link #OPERANDS} on the
 * operands.
 */
public final class Interpreter {
    public static final int ELEMENTS = 0;
    public static final int RANK = 1;
    public static final int NUM_OPERANDS = 2;
    public static final int NUM_CODES = 3;
    public static final int CODES = 4;
    /** What else the kernel wants to know: five numbers. */
    public static final int EXTRA = 5;

    public static final int DIMS = 10;
    public static final int OPERANDS = DIMS + Rows.MAX_RANK;
    /** The most operands of a program. */
    public static final int MOST_OPERANDS = 20;

    private Interpreter() {}

    /** Fills {@code addresses} with each operand's address for an element. */
    static void address(IntArray cursor, IntArray ints, int row, int element, int[] addresses) {
        int rank = ints.get(row + RANK);
        int operands = ints.get(row + NUM_OPERANDS);
        int outer = cursor.get(Rows.LOOP);
        int inner = cursor.get(Rows.LOOP + 1);
        for (int k = 0; k < operands; k++) {
            int at = row + OPERANDS + k * Rows.OPERAND;
            addresses[k] =
                    ints.get(at) + cursor.get(ints.get(at + 1)) + outer * ints.get(at + 2) + inner * ints.get(at + 3);
        }
        int rest = element;
        // The first dim needs no division, and elements mostly have but one.
        for (int d = rank - 1; d >= 0; d--) {
            int index = rest;
            if (d > 0) {
                int size = ints.get(row + DIMS + d);
                rest = index / size;
                index = index - rest * size;
            }
            for (int k = 0; k < operands; k++) {
                addresses[k] = addresses[k] + index * ints.get(row + OPERANDS + k * Rows.OPERAND + Rows.STRIDES + d);
            }
        }
    }

    // The parts of the program's loop, which stands in the kernels: TornadoVM refuses to inline a method of more
    // than 600 nodes.

    /** Instruction i, if it is a load, a store or a number. */
    static void move(
            IntArray ints,
            FloatArray floats,
            int row,
            int code,
            int a,
            int b,
            int c,
            int i,
            int[] addresses,
            float[] f,
            int[] r) {
        if (code == Code.SCATTER_FLOAT) {
            int operand = row + OPERANDS + a * Rows.OPERAND;
            int index = r[c];
            if (index >= 0) {
                if (index < ints.get(operand + Rows.AXIS + 1)) {
                    floats.set(addresses[a] + index * ints.get(operand + Rows.AXIS), f[b]);
                }
            }
        } else if (code == Code.LOAD_FLOAT) {
            f[i] = floats.get(addresses[a]);
        } else if (code == Code.LOAD_INT) {
            r[i] = ints.get(addresses[a]);
        } else if (code == Code.ADDRESS) {
            r[i] = addresses[a];
        } else if (code == Code.NUMBER) {
            r[i] = a;
        } else if (code == Code.STORE_FLOAT) {
            floats.set(addresses[a], f[b]);
        } else if (code == Code.STORE_INT) {
            ints.set(addresses[a], r[b]);
        } else {
            int operand = row + OPERANDS + a * Rows.OPERAND;
            int index = r[b];
            boolean inside = index >= 0 && index < ints.get(operand + Rows.AXIS + 1);
            if (!inside && code <= Code.GATHER_INT) {
                ints.set(Rows.FAILED, row);
            }
            int address = addresses[a] + (inside ? index : 0) * ints.get(operand + Rows.AXIS);
            if (code == Code.GATHER_FLOAT || code == Code.PEEK_FLOAT) {
                float value = 0f;
                if (inside) {
                    value = floats.get(address);
                }
                f[i] = value;
            } else {
                int value = 0;
                if (inside) {
                    value = ints.get(address);
                }
                r[i] = value;
            }
        }
    }

    /** Instruction i, if it has to do with integers. */
    static void integers(IntArray ints, int row, int code, int a, int b, int c, int i, float[] f, int[] r) {
        if (code < Code.FIRST_INT) {
            mixed(code, a, b, c, i, f, r);
        } else {
            r[i] = integer(ints, row, code, r[a], r[b]);
        }
    }

    /** From a float to a float. */
    static float unary(int code, float x) {
        float y;
        if (code == Code.NEG) {
            y = -x;
        } else if (code == Code.ABS) {
            y = TornadoMath.abs(x);
        } else if (code == Code.EXP) {
            y = TornadoMath.exp(x);
        } else if (code == Code.LOG) {
            y = TornadoMath.log(x);
        } else if (code == Code.SQRT) {
            y = TornadoMath.sqrt(x);
        } else if (code == Code.RECIPROCAL) {
            y = 1f / x;
        } else if (code == Code.SIN) {
            y = TornadoMath.sin(x);
        } else if (code == Code.COS) {
            y = TornadoMath.cos(x);
        } else if (code == Code.TANH) {
            y = TornadoMath.tanh(x);
        } else if (code == Code.SIGMOID) {
            y = Numbers.sigmoid(x);
        } else {
            y = Numbers.floor(x);
        }
        return y;
    }

    /** From a float to a float, in more steps. */
    static float longer(FloatArray floats, int code, float x) {
        float y;
        if (code == Code.ERF) {
            y = Numbers.erf(x);
        } else if (code == Code.TO_F16) {
            y = Numbers.round(floats, x, 11, -14, 65520f);
        } else {
            y = Numbers.round(floats, x, 8, -126, 3.3961775e38f);
        }
        return y;
    }

    /** From two floats to a float. */
    static float binary(int code, float x, float y) {
        float z;
        if (code == Code.ADD) {
            z = x + y;
        } else if (code == Code.SUB) {
            z = x - y;
        } else if (code == Code.MUL) {
            z = x * y;
        } else if (code == Code.DIV) {
            z = x / y;
        } else if (code == Code.MOD) {
            z = Numbers.mod(x, y);
        } else if (code == Code.POW) {
            z = TornadoMath.pow(x, y);
        } else if (code == Code.MIN) {
            z = Numbers.min(x, y);
        } else {
            z = Numbers.max(x, y);
        }
        return z;
    }

    private static void mixed(int code, int a, int b, int c, int i, float[] f, int[] r) {
        if (code == Code.EQUAL) {
            r[i] = f[a] == f[b] ? 1 : 0;
        } else if (code == Code.LESS) {
            r[i] = f[a] < f[b] ? 1 : 0;
        } else if (code == Code.LESS_EQUAL) {
            r[i] = f[a] <= f[b] ? 1 : 0;
        } else if (code == Code.TRUNCATE) {
            r[i] = (int) f[a];
        } else if (code == Code.IS_NOT_ZERO) {
            r[i] = f[a] != 0f ? 1 : 0;
        } else if (code == Code.INT_TO_FLOAT) {
            f[i] = (float) r[a];
        } else if (code == Code.WHERE_FLOAT) {
            f[i] = r[a] != 0 ? f[b] : f[c];
        } else {
            r[i] = r[a] != 0 ? r[b] : r[c];
        }
    }

    private static int integer(IntArray ints, int row, int code, int x, int y) {
        int z;
        if (code == Code.INT_ADD) {
            z = x + y;
        } else if (code == Code.INT_SUB) {
            z = x - y;
        } else if (code == Code.INT_MUL) {
            z = x * y;
        } else if (code == Code.INT_DIV || code == Code.INT_MOD) {
            int divisor = y;
            if (y == 0) {
                ints.set(Rows.FAILED, row);
                divisor = 1;
            }
            int q = Numbers.floorDiv(x, divisor);
            z = code == Code.INT_DIV ? q : x - q * divisor;
        } else if (code == Code.INT_MIN) {
            z = x < y ? x : y;
        } else if (code == Code.INT_MAX) {
            z = x > y ? x : y;
        } else if (code == Code.INT_EQUAL) {
            z = x == y ? 1 : 0;
        } else if (code == Code.INT_LESS) {
            z = x < y ? 1 : 0;
        } else if (code == Code.INT_LESS_EQUAL) {
            z = x <= y ? 1 : 0;
        } else if (code == Code.INT_NEG) {
            z = -x;
        } else if (code == Code.INT_ABS) {
            z = x < 0 ? -x : x;
        } else if (code == Code.NOT) {
            z = 1 - x;
        } else if (code == Code.INT_IS_NOT_ZERO) {
            z = x != 0 ? 1 : 0;
        } else if (code == Code.TO_I8) {
            z = (x << 24) >> 24;
        } else {
            z = x & 255;
        }
        return z;
    }
}
