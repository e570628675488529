package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Norms and elementwise programs that follow each other line by line: each reads of the others' results only what belongs to its own
 * line. The row is a list, as {@link MapKernel}'s; no job reads what another writes. Each is {@code [lines, steps]}, and for each
 * step where its program's row and its norm's row begin, relative to the job's: a step runs the program for a line's elements and
 * normalises a line after that. A program's row is {@link Interpreter}'s, its first extra number the elements of a line; a norm's
 * row is {@link NormRow}'s. A step that lacks one has the row of a program without elements, or of a norm of width 0.
 */
public final class LinesKernel {
    public static final int STEPS = 2;
    /** Numbers of a step. */
    public static final int STEP = 2;
    /** Work-items that share a line. */
    public static final int GROUP = 64;

    private LinesKernel() {}

    /** A work-group for each line. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] shared = context.allocateFloatLocalArray(GROUP);
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        int item = context.localIdx;
        int groups = context.globalGroupSizeX / GROUP;
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        int first = 0;
        for (int job = 0; job < jobs; job++) {
            int own = list + ints.get(list + 1 + job);
            int lines = ints.get(own);
            int steps = ints.get(own + 1);
            int begin = (context.groupIdx + groups - first) % groups;
            for (int line = begin; line < lines; line += groups) {
                for (int step = 0; step < steps; step++) {
                    int program = own + ints.get(own + STEPS + step * STEP);
                    int row = own + ints.get(own + STEPS + step * STEP + 1);
                    int elements = ints.get(program + Interpreter.ELEMENTS);
                    int count = ints.get(program + Interpreter.NUM_CODES);
                    int codes = program + ints.get(program + Interpreter.CODES);
                    int ofLine = ints.get(program + Interpreter.EXTRA);
                    int end = (line + 1) * ofLine < elements ? (line + 1) * ofLine : elements;
                    for (int e = line * ofLine + item; e < end; e += GROUP) {
                        Interpreter.address(cursor, ints, program, e, addresses);
                        for (int i = 0; i < count; i++) {
                            int at = codes + i * Code.SIZE;
                            int code = ints.get(at);
                            int a = ints.get(at + 1);
                            int b = ints.get(at + 2);
                            if (code < Code.FIRST_FLOAT) {
                                Interpreter.move(
                                        ints, floats, program, code, a, b, ints.get(at + 3), i, addresses, f, r);
                            } else if (code < Code.FIRST_LONG) {
                                f[i] = Interpreter.unary(code, f[a]);
                            } else if (code < Code.FIRST_BINARY) {
                                f[i] = Interpreter.longer(floats, code, f[a]);
                            } else if (code < Code.FIRST_MIXED) {
                                f[i] = Interpreter.binary(code, f[a], f[b]);
                            } else {
                                Interpreter.integers(ints, program, code, a, b, ints.get(at + 3), i, f, r);
                            }
                        }
                    }
                    context.globalBarrier();
                    int width = ints.get(row + NormRow.WIDTH);
                    if (width > 0) {
                        int xStep = Operands.stride(ints, row + NormRow.X, 1);
                        int weightStep = Operands.stride(ints, row + NormRow.WEIGHT, 1);
                        int biasStep = Operands.stride(ints, row + NormRow.BIAS, 1);
                        float epsilon = floats.get(Operands.begin(cursor, ints, row + NormRow.EPSILON));
                        float offset = floats.get(Operands.begin(cursor, ints, row + NormRow.OFFSET));
                        int part = line % ints.get(row + NormRow.PARTS);
                        int x = Operands.ofLine(cursor, ints, row + NormRow.X, line);
                        int y = Operands.ofLine(cursor, ints, row + NormRow.RESULT, line);
                        int weight = Operands.ofLine(cursor, ints, row + NormRow.WEIGHT, part);
                        int bias = Operands.ofLine(cursor, ints, row + NormRow.BIAS, part);
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
                        float mean = ints.get(row + NormRow.CENTRED) == 1 ? total / width : 0f;
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
                        float scale = 1f / TornadoMath.sqrt(all / ints.get(row + NormRow.COUNT) + epsilon);
                        for (int i = item; i < width; i += GROUP) {
                            float value = (floats.get(x + i * xStep) - mean) * scale;
                            floats.set(
                                    y + i,
                                    value * (floats.get(weight + i * weightStep) + offset)
                                            + floats.get(bias + i * biasStep));
                        }
                        context.globalBarrier();
                    }
                }
            }
            first = (first + lines) % groups;
        }
    }
}
