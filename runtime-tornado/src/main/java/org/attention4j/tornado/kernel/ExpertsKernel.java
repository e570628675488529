package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products with rows of experts' matrices, which lie one after the other. The row is a list, as {@link MapKernel}'s; each job's is
 * {@code [elements, rows of an expert, choices of a token, choices that are summed up, experts, type, where the bytes begin, from row
 * to row, inner]}, and operands: x {@code [token, choice]}, whose entries lie in one piece; the experts' numbers {@code [token,
 * choice]}; their weights likewise; bias {@code [expert, row]}; the matrices if they are floats; result {@code [token, choice, row]}.
 */
public final class ExpertsKernel {
    public static final int X = 9;
    public static final int IDS = X + Rows.OPERAND;
    public static final int WEIGHTS = IDS + Rows.OPERAND;
    public static final int BIAS = WEIGHTS + Rows.OPERAND;
    public static final int STACK = BIAS + Rows.OPERAND;
    public static final int RESULT = STACK + Rows.OPERAND;

    private ExpertsKernel() {}

    /** One work-item for each element of the result. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        int items = context.globalGroupSizeX;
        int first = 0;
        float[] product = new float[1];
        for (int job = 0; job < jobs; job++) {
            int row = list + ints.get(list + 1 + job);
            int elements = ints.get(row);
            int rows = ints.get(row + 1);
            int summed = ints.get(row + 3);
            int apart = ints.get(row + 2) / summed;
            int type = ints.get(row + 5);
            int inner = ints.get(row + 8);
            int begin = (context.globalIdx + items - first) % items;
            for (int e = begin; e < elements; e += items) {
                int r = e % rows;
                int choice = e / rows % apart;
                int token = e / rows / apart;
                float sum = 0f;
                for (int j = choice; j < choice + summed; j++) {
                    int expert = ints.get(place(cursor, ints, row + IDS, token, j));
                    if (expert < 0 || expert >= ints.get(row + 4)) {
                        ints.set(Rows.FAILED, row);
                        expert = 0;
                    }
                    int x = place(cursor, ints, row + X, token, j);
                    int w = ints.get(row + 6)
                            + Operands.begin(cursor, ints, row + STACK)
                            + (expert * rows + r) * ints.get(row + 7);
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
                    float bias = floats.get(place(cursor, ints, row + BIAS, expert, r));
                    sum += floats.get(place(cursor, ints, row + WEIGHTS, token, j)) * (product[0] + bias);
                }
                floats.set(Operands.begin(cursor, ints, row + RESULT) + e, sum);
            }
            first = (first + elements) % items;
        }
    }

    private static int place(IntArray cursor, IntArray ints, int at, int first, int second) {
        return Operands.begin(cursor, ints, at)
                + first * Operands.stride(ints, at, 0)
                + second * Operands.stride(ints, at, 1);
    }
}
