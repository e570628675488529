package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Norms of lines: {@code (x − m) / sqrt(sum((x − m)²) / n + epsilon) · (weight + offset) + bias}, where m is the mean or 0. The row
 * is a list of norms, none of which reads what another writes. Each is {@code [lines, width, n, 1 if m is the mean, parts]}, and
 * operands: x and the result, each {@code [line, entry]}; weight and bias, each {@code [part, entry]}, of which line i takes part i
 * mod parts; epsilon and the weight's offset, which are numbers.
 */
public final class NormKernel {
    public static final int WIDTH = 1;
    public static final int COUNT = 2;
    public static final int CENTRED = 3;
    public static final int PARTS = 4;
    public static final int X = 5;
    public static final int RESULT = X + Rows.OPERAND;
    public static final int WEIGHT = RESULT + Rows.OPERAND;
    public static final int BIAS = WEIGHT + Rows.OPERAND;
    public static final int EPSILON = BIAS + Rows.OPERAND;
    public static final int OFFSET = EPSILON + Rows.OPERAND;
    /** Work-items that share a line. */
    public static final int GROUP = 64;

    private NormKernel() {}

    /** A work-group for each line. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] shared = context.allocateFloatLocalArray(GROUP);
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        int item = context.localIdx;
        int groups = context.globalGroupSizeX / GROUP;
        int first = 0;
        for (int job = 0; job < jobs; job++) {
            int row = list + ints.get(list + 1 + job);
            int lines = ints.get(row);
            int width = ints.get(row + WIDTH);
            int count = ints.get(row + COUNT);
            int centred = ints.get(row + CENTRED);
            int parts = ints.get(row + PARTS);
            int xStep = Operands.stride(ints, row + X, 1);
            int weightStep = Operands.stride(ints, row + WEIGHT, 1);
            int biasStep = Operands.stride(ints, row + BIAS, 1);
            float epsilon = floats.get(Operands.begin(cursor, ints, row + EPSILON));
            float offset = floats.get(Operands.begin(cursor, ints, row + OFFSET));
            int begin = (context.groupIdx + groups - first) % groups;
            for (int line = begin; line < lines; line += groups) {
                int x = Operands.begin(cursor, ints, row + X) + line * Operands.stride(ints, row + X, 0);
                int y = Operands.begin(cursor, ints, row + RESULT) + line * Operands.stride(ints, row + RESULT, 0);
                int part = line % parts;
                int weight = Operands.begin(cursor, ints, row + WEIGHT) + part * Operands.stride(ints, row + WEIGHT, 0);
                int bias = Operands.begin(cursor, ints, row + BIAS) + part * Operands.stride(ints, row + BIAS, 0);
                float sum = 0f;
                for (int i = item; i < width; i += GROUP) {
                    sum += floats.get(x + i * xStep);
                }
                shared[item] = sum;
                context.localBarrier();
                float total = 0f;
                for (int k = 0; k < GROUP; k++) {
                    total += shared[k];
                }
                context.localBarrier();
                float mean = centred == 1 ? total / width : 0f;
                float squares = 0f;
                for (int i = item; i < width; i += GROUP) {
                    float value = floats.get(x + i * xStep) - mean;
                    squares += value * value;
                }
                shared[item] = squares;
                context.localBarrier();
                float all = 0f;
                for (int k = 0; k < GROUP; k++) {
                    all += shared[k];
                }
                context.localBarrier();
                float scale = 1f / TornadoMath.sqrt(all / count + epsilon);
                for (int i = item; i < width; i += GROUP) {
                    float value = (floats.get(x + i * xStep) - mean) * scale;
                    floats.set(
                            y + i,
                            value * (floats.get(weight + i * weightStep) + offset) + floats.get(bias + i * biasStep));
                }
            }
            first = (first + lines) % groups;
        }
    }
}
