package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@link LinearKernel#run} with rows of experts' matrices, which lie one after the other. A product is {@code [operand with the row of
 * x, operand with the weight's row, type, where the first expert's weight begins, from row to row, inner]} as there, and {@code [operand
 * with the expert's number, experts, from expert to expert, choices that are summed up, from choice to choice of x, operand with the
 * choice's weight, operand with the bias, from expert to expert of the bias]}; numbers and weights of a token's choices lie side by
 * side.
 */
public final class ExpertsKernel {
    /** Numbers of a product. */
    public static final int PRODUCT = LinearKernel.PRODUCT + 8;

    private ExpertsKernel() {}

    /** One work-item for each element. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        float[] product = new float[1];
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
                    int type = ints.get(at + 2);
                    int inner = ints.get(at + 5);
                    int choices = ints.get(at + 9);
                    float sum = 0f;
                    for (int j = 0; j < choices; j++) {
                        int expert = ints.get(addresses[ints.get(at + 6)] + j);
                        if (expert < 0 || expert >= ints.get(at + 7)) {
                            ints.set(Rows.FAILED, row);
                            expert = 0;
                        }
                        int x = addresses[ints.get(at)] + j * ints.get(at + 10);
                        int w = ints.get(at + 3)
                                + addresses[ints.get(at + 1)] * ints.get(at + 4)
                                + expert * ints.get(at + 8);
                        // Into an array: a variable that all branches set is miscompiled if they have loops.
                        if (type == LinearKernel.F32) {
                            product[0] = Dots.f32(floats, w, x, inner);
                        } else if (type == LinearKernel.F16) {
                            product[0] = Dots.f16(bytes, floats, w, x, inner);
                        } else if (type == LinearKernel.BF16) {
                            product[0] = Dots.bf16(bytes, floats, w, x, inner);
                        } else if (type == LinearKernel.Q8_0) {
                            product[0] = Dots.q8(bytes, floats, w, x, inner);
                        } else if (type == LinearKernel.Q4_0) {
                            product[0] = Dots.q4(bytes, floats, w, x, inner);
                        } else if (type == LinearKernel.Q4_K) {
                            product[0] = Dots.q4k(bytes, floats, w, x, inner);
                        } else {
                            product[0] = Dots.q6k(bytes, floats, w, x, inner);
                        }
                        float bias = floats.get(addresses[ints.get(at + 12)] + expert * ints.get(at + 13));
                        sum += floats.get(addresses[ints.get(at + 11)] + j) * (product[0] + bias);
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
            first = (first + elements) % items;
        }
    }
}
