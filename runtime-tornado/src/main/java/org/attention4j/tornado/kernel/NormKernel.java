package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Root-mean-square norms of rows. The row: {@code [rows, width]}, and operands: x and the result, each {@code [row, entry]}; the
 * weight {@code [entry]}; epsilon and the weight's offset, which are numbers.
 */
public final class NormKernel {
    public static final int X = 2;
    public static final int RESULT = X + Rows.OPERAND;
    public static final int WEIGHT = RESULT + Rows.OPERAND;
    public static final int EPSILON = WEIGHT + Rows.OPERAND;
    public static final int OFFSET = EPSILON + Rows.OPERAND;
    /** Work-items that share a row. */
    public static final int GROUP = 64;

    private NormKernel() {}

    /** A work-group for each row. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] shared = context.allocateFloatLocalArray(GROUP);
        int row = cursor.get(Rows.ROW);
        int width = ints.get(row + 1);
        int item = context.localIdx;
        int line = context.groupIdx;
        int x = Operands.begin(cursor, ints, row + X) + line * Operands.stride(ints, row + X, 0);
        int xStep = Operands.stride(ints, row + X, 1);
        int y = Operands.begin(cursor, ints, row + RESULT) + line * Operands.stride(ints, row + RESULT, 0);
        int weight = Operands.begin(cursor, ints, row + WEIGHT);
        int weightStep = Operands.stride(ints, row + WEIGHT, 0);
        float epsilon = floats.get(Operands.begin(cursor, ints, row + EPSILON));
        float offset = floats.get(Operands.begin(cursor, ints, row + OFFSET));
        float sum = 0f;
        for (int i = item; i < width; i += GROUP) {
            float value = floats.get(x + i * xStep);
            sum += value * value;
        }
        shared[item] = sum;
        context.localBarrier();
        float all = 0f;
        for (int k = 0; k < GROUP; k++) {
            all += shared[k];
        }
        float scale = 1f / TornadoMath.sqrt(all / width + epsilon);
        for (int i = item; i < width; i += GROUP) {
            floats.set(y + i, floats.get(x + i * xStep) * scale * (floats.get(weight + i * weightStep) + offset));
        }
    }
}
