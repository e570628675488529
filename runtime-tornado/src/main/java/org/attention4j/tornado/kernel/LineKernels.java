package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What goes along lines of entries. The row: {@code [lines, entries of a line, number of other dims, two
 * extras]}, the other dims, and three operands, each with the strides of the other dims, then that along the line.
 */
public final class LineKernels {
    public static final int LENGTH = 1;
    public static final int RANK = 2;
    public static final int EXTRA = 3;
    public static final int DIMS = 5;
    public static final int FIRST = DIMS + Rows.MAX_RANK;
    public static final int SECOND = FIRST + Rows.OPERAND;
    public static final int THIRD = SECOND + Rows.OPERAND;
    public static final int SIZE = THIRD + Rows.OPERAND;

    private LineKernels() {}

    /** Running sums of the first operand, to the second. The extras: 1 if exclusive, 1 if integers. */
    public static void runningSums(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int length = ints.get(row + LENGTH);
        int rank = ints.get(row + RANK);
        int exclusive = ints.get(row + EXTRA);
        int integers = ints.get(row + EXTRA + 1);
        int fromStep = Operands.stride(ints, row + FIRST, rank);
        int toStep = Operands.stride(ints, row + SECOND, rank);
        for (int line = context.globalIdx; line < ints.get(row); line += context.globalGroupSizeX) {
            int from = Operands.begin(cursor, ints, row + FIRST)
                    + Operands.offset(ints, row + FIRST, row + DIMS, rank, line);
            int to = Operands.begin(cursor, ints, row + SECOND)
                    + Operands.offset(ints, row + SECOND, row + DIMS, rank, line);
            float sum = 0f;
            int whole = 0;
            for (int i = 0; i < length; i++) {
                if (integers == 1) {
                    int next = whole + ints.get(from + i * fromStep);
                    ints.set(to + i * toStep, exclusive == 1 ? whole : next);
                    whole = next;
                } else {
                    float next = sum + floats.get(from + i * fromStep);
                    floats.set(to + i * toStep, exclusive == 1 ? sum : next);
                    sum = next;
                }
            }
        }
    }

    /** Adds the third operand's entries to the first at the indexes that the second holds. The extras: size, 1 if integers. */
    public static void scatterAdd(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int length = ints.get(row + LENGTH);
        int rank = ints.get(row + RANK);
        int size = ints.get(row + EXTRA);
        int integers = ints.get(row + EXTRA + 1);
        int toStep = Operands.stride(ints, row + FIRST, rank);
        int indexStep = Operands.stride(ints, row + SECOND, rank);
        int updateStep = Operands.stride(ints, row + THIRD, rank);
        for (int line = context.globalIdx; line < ints.get(row); line += context.globalGroupSizeX) {
            int to = Operands.begin(cursor, ints, row + FIRST)
                    + Operands.offset(ints, row + FIRST, row + DIMS, rank, line);
            int index = Operands.begin(cursor, ints, row + SECOND)
                    + Operands.offset(ints, row + SECOND, row + DIMS, rank, line);
            int update = Operands.begin(cursor, ints, row + THIRD)
                    + Operands.offset(ints, row + THIRD, row + DIMS, rank, line);
            for (int i = 0; i < length; i++) {
                int at = ints.get(index + i * indexStep);
                if (at < 0 || at >= size) {
                    ints.set(Rows.FAILED, row);
                } else if (integers == 1) {
                    int cell = to + at * toStep;
                    ints.set(cell, ints.get(cell) + ints.get(update + i * updateStep));
                } else {
                    int cell = to + at * toStep;
                    floats.set(cell, floats.get(cell) + floats.get(update + i * updateStep));
                }
            }
        }
    }

    /**
     * The largest entries of the first operand, in falling order and the first of equal ones first: to the second, their indexes
     * to the third. The extras: how many, 1 if integers. A work-item for each entry counts those before it.
     */
    public static void topK(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int length = ints.get(row + LENGTH);
        int rank = ints.get(row + RANK);
        int k = ints.get(row + EXTRA);
        int integers = ints.get(row + EXTRA + 1);
        int fromStep = Operands.stride(ints, row + FIRST, rank);
        int valueStep = Operands.stride(ints, row + SECOND, rank);
        int indexStep = Operands.stride(ints, row + THIRD, rank);
        int count = ints.get(row) * length;
        for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
            int line = e / length;
            int i = e % length;
            int from = Operands.begin(cursor, ints, row + FIRST)
                    + Operands.offset(ints, row + FIRST, row + DIMS, rank, line);
            int before = 0;
            if (integers == 1) {
                int x = ints.get(from + i * fromStep);
                for (int j = 0; j < length; j++) {
                    int y = ints.get(from + j * fromStep);
                    if (y > x) {
                        before++;
                    }
                    if (y == x) {
                        before += j < i ? 1 : 0;
                    }
                }
            } else {
                float x = Numbers.ordered(floats.get(from + i * fromStep));
                for (int j = 0; j < length; j++) {
                    float y = Numbers.ordered(floats.get(from + j * fromStep));
                    if (y > x) {
                        before++;
                    }
                    if (y == x) {
                        before += j < i ? 1 : 0;
                    }
                }
            }
            if (before < k) {
                int value = Operands.begin(cursor, ints, row + SECOND)
                        + Operands.offset(ints, row + SECOND, row + DIMS, rank, line);
                int index = Operands.begin(cursor, ints, row + THIRD)
                        + Operands.offset(ints, row + THIRD, row + DIMS, rank, line);
                ints.set(index + before * indexStep, i);
                if (integers == 1) {
                    ints.set(value + before * valueStep, ints.get(from + i * fromStep));
                } else {
                    floats.set(value + before * valueStep, floats.get(from + i * fromStep));
                }
            }
        }
    }
}
