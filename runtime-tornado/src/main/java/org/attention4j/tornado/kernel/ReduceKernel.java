package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Combines the entries of each line of {@code width} elements, which an elementwise program computes; the row's extra numbers are
 * {@code [kind, width, register with the entry, operand to store to, 1 if integers]}. Dims of the result come before those
 * combined; there is at least one entry.
 */
public final class ReduceKernel {
    public static final int SUM = 0;
    public static final int MEAN = 1;
    public static final int MAX = 2;
    public static final int MIN = 3;
    /** Work-items that share a line. */
    public static final int GROUP = 64;

    private ReduceKernel() {}

    /** One work-item for each line: for many lines, or short ones. */
    public static void lines(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int count = ints.get(row + Interpreter.NUM_CODES);
        int codes = row + ints.get(row + Interpreter.CODES);
        int elements = ints.get(row + Interpreter.ELEMENTS);
        int kind = ints.get(row + Interpreter.EXTRA);
        int width = ints.get(row + Interpreter.EXTRA + 1);
        int entry = ints.get(row + Interpreter.EXTRA + 2);
        int to = ints.get(row + Interpreter.EXTRA + 3);
        int integers = ints.get(row + Interpreter.EXTRA + 4);
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        for (int line = context.globalIdx; line < elements; line += context.globalGroupSizeX) {
            float sum = 0f;
            int whole = 0;
            for (int j = 0; j < width; j++) {
                Interpreter.address(cursor, ints, row, line * width + j, addresses);
                for (int i = 0; i < count; i++) {
                    int at = codes + i * Code.SIZE;
                    int code = ints.get(at);
                    int a = ints.get(at + 1);
                    int b = ints.get(at + 2);
                    if (code < Code.FIRST_FLOAT) {
                        Interpreter.move(ints, floats, row, code, a, b, ints.get(at + 3), i, addresses, f, r);
                    } else if (code < Code.FIRST_LONG) {
                        f[i] = Interpreter.unary(code, f[a]);
                    } else if (code < Code.FIRST_BINARY) {
                        f[i] = Interpreter.longer(floats, code, f[a]);
                    } else if (code < Code.FIRST_MIXED) {
                        f[i] = Interpreter.binary(code, f[a], f[b]);
                    } else {
                        Interpreter.integers(ints, row, code, a, b, ints.get(at + 3), i, f, r);
                    }
                }
                sum = j == 0 ? f[entry] : combine(kind, sum, f[entry]);
                whole = j == 0 ? r[entry] : combine(kind, whole, r[entry]);
            }
            if (integers == 1) {
                ints.set(addresses[to], whole);
            } else {
                floats.set(addresses[to], kind == MEAN ? sum / width : sum);
            }
        }
    }

    /** A work-group for each line of floats: for few long ones. */
    public static void groups(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] shared = context.allocateFloatLocalArray(GROUP);
        int row = cursor.get(Rows.ROW);
        int count = ints.get(row + Interpreter.NUM_CODES);
        int codes = row + ints.get(row + Interpreter.CODES);
        int kind = ints.get(row + Interpreter.EXTRA);
        int width = ints.get(row + Interpreter.EXTRA + 1);
        int entry = ints.get(row + Interpreter.EXTRA + 2);
        int to = ints.get(row + Interpreter.EXTRA + 3);
        int line = context.groupIdx;
        int item = context.localIdx;
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        float sum = 0f;
        for (int j = item; j < width; j += GROUP) {
            Interpreter.address(cursor, ints, row, line * width + j, addresses);
            for (int i = 0; i < count; i++) {
                int at = codes + i * Code.SIZE;
                int code = ints.get(at);
                int a = ints.get(at + 1);
                int b = ints.get(at + 2);
                if (code < Code.FIRST_FLOAT) {
                    Interpreter.move(ints, floats, row, code, a, b, ints.get(at + 3), i, addresses, f, r);
                } else if (code < Code.FIRST_LONG) {
                    f[i] = Interpreter.unary(code, f[a]);
                } else if (code < Code.FIRST_BINARY) {
                    f[i] = Interpreter.longer(floats, code, f[a]);
                } else if (code < Code.FIRST_MIXED) {
                    f[i] = Interpreter.binary(code, f[a], f[b]);
                } else {
                    Interpreter.integers(ints, row, code, a, b, ints.get(at + 3), i, f, r);
                }
            }
            sum = j == item ? f[entry] : combine(kind, sum, f[entry]);
        }
        shared[item] = sum;
        context.localBarrier();
        if (item == 0) {
            float all = shared[0];
            for (int k = 1; k < GROUP; k++) {
                all = combine(kind, all, shared[k]);
            }
            floats.set(addresses[to], kind == MEAN ? all / width : all);
        }
    }

    private static float combine(int kind, float a, float b) {
        float c;
        if (kind == MAX) {
            c = Numbers.max(a, b);
        } else if (kind == MIN) {
            c = Numbers.min(a, b);
        } else {
            c = a + b;
        }
        return c;
    }

    private static int combine(int kind, int a, int b) {
        int c;
        if (kind == MAX) {
            c = a > b ? a : b;
        } else if (kind == MIN) {
            c = a < b ? a : b;
        } else {
            c = a + b;
        }
        return c;
    }
}
