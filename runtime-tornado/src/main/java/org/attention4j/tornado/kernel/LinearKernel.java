package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Elementwise programs on products of rows with rows of weights: the first registers hold the products. The row's extra numbers are
 * {@code [products, where they begin]}; each product is {@code [operand with the row of x, operand with the weight's row, type,
 * where the weight begins, from row to row, inner]}.
 */
public final class LinearKernel {
    /** Numbers of a product. */
    public static final int PRODUCT = 6;
    /** Work-items that share an element in {@link #groups}. */
    public static final int GROUP = 32;
    /** The most products of a program. */
    public static final int MOST_PRODUCTS = 4;

    // The types of weights.
    public static final int F32 = 0;
    public static final int F16 = 1;
    public static final int BF16 = 2;
    public static final int Q8_0 = 3;
    public static final int Q4_0 = 4;
    public static final int Q4_K = 5;
    public static final int Q6_K = 6;

    private LinearKernel() {}

    /** One work-item for each element. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        int items = context.globalGroupSizeX;
        int first = 0;
        for (int job = 0; job < jobs; job++) {
            int row = list + ints.get(list + 1 + job);
            int elements = ints.get(row + Interpreter.ELEMENTS);
            int count = ints.get(row + Interpreter.NUM_CODES);
            int codes = row + ints.get(row + Interpreter.CODES);
            int products = ints.get(row + Interpreter.EXTRA);
            int begin = (context.globalIdx + items - first) % items;
            for (int e = begin; e < elements; e += items) {
                Interpreter.address(cursor, ints, row, e, addresses);
                for (int p = 0; p < products; p++) {
                    int at = row + ints.get(row + Interpreter.EXTRA + 1) + p * PRODUCT;
                    int x = addresses[ints.get(at)];
                    int type = ints.get(at + 2);
                    int w = ints.get(at + 3) + addresses[ints.get(at + 1)] * ints.get(at + 4);
                    int inner = ints.get(at + 5);
                    // Into the register at once: a variable that all branches set is miscompiled if they have loops.
                    if (type == F32) {
                        f[p] = Dots.f32(floats, w, x, inner);
                    } else if (type == F16) {
                        f[p] = Dots.f16(bytes, floats, w, x, inner);
                    } else if (type == BF16) {
                        f[p] = Dots.bf16(bytes, floats, w, x, inner);
                    } else if (type == Q8_0) {
                        f[p] = Dots.q8(bytes, floats, w, x, inner);
                    } else if (type == Q4_0) {
                        f[p] = Dots.q4(bytes, floats, w, x, inner);
                    } else if (type == Q4_K) {
                        f[p] = Dots.q4k(bytes, floats, w, x, inner);
                    } else {
                        f[p] = Dots.q6k(bytes, floats, w, x, inner);
                    }
                }
                for (int i = products; i < count; i++) {
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
            }
            first = (first + elements) % items;
        }
    }

    /** The same with a work-group for each element. */
    public static void groups(
            KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        float[] shared = context.allocateFloatLocalArray(GROUP * MOST_PRODUCTS);
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        float[] part = new float[1];
        int lane = context.localIdx;
        int groups = context.globalGroupSizeX / GROUP;
        int first = 0;
        for (int job = 0; job < jobs; job++) {
            int row = list + ints.get(list + 1 + job);
            int elements = ints.get(row + Interpreter.ELEMENTS);
            int count = ints.get(row + Interpreter.NUM_CODES);
            int codes = row + ints.get(row + Interpreter.CODES);
            int products = ints.get(row + Interpreter.EXTRA);
            int begin = (context.groupIdx + groups - first) % groups;
            for (int e = begin; e < elements; e += groups) {
                Interpreter.address(cursor, ints, row, e, addresses);
                for (int p = 0; p < products; p++) {
                    int at = row + ints.get(row + Interpreter.EXTRA + 1) + p * PRODUCT;
                    int x = addresses[ints.get(at)];
                    int type = ints.get(at + 2);
                    int w = ints.get(at + 3) + addresses[ints.get(at + 1)] * ints.get(at + 4);
                    int inner = ints.get(at + 5);
                    if (type == F32) {
                        part[0] = LaneDots.f32(floats, w, x, inner, lane, GROUP);
                    } else if (type == F16) {
                        part[0] = LaneDots.f16(bytes, floats, w, x, inner, lane, GROUP);
                    } else if (type == BF16) {
                        part[0] = LaneDots.bf16(bytes, floats, w, x, inner, lane, GROUP);
                    } else if (type == Q8_0) {
                        part[0] = LaneDots.q8(bytes, floats, w, x, inner, lane, GROUP);
                    } else if (type == Q4_0) {
                        part[0] = LaneDots.q4(bytes, floats, w, x, inner, lane, GROUP);
                    } else if (type == Q4_K) {
                        part[0] = LaneDots.q4k(bytes, floats, w, x, inner, lane, GROUP);
                    } else {
                        part[0] = LaneDots.q6k(bytes, floats, w, x, inner, lane, GROUP);
                    }
                    shared[p * GROUP + lane] = part[0];
                }
                context.localBarrier();
                if (lane == 0) {
                    for (int p = 0; p < products; p++) {
                        float sum = 0f;
                        for (int i = 0; i < GROUP; i++) {
                            sum += shared[p * GROUP + i];
                        }
                        f[p] = sum;
                    }
                    for (int i = products; i < count; i++) {
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
                }
                context.localBarrier();
            }
            first = (first + elements) % groups;
        }
    }
}
