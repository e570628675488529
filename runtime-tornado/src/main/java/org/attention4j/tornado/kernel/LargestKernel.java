package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The largest entries of parts of long lines of floats, in falling order and the first of equal ones first; NaN is above all
 * numbers. What parts give is a line again, with the entries' indexes in the whole line beside it. The row: {@code [entries of a
 * line, how many, parts, entries of a part, 1 if there are indexes, number of other dims]}, the other dims, and operands, each
 * with the strides of the other dims, then that along the line: the entries and their indexes, and the same of the result.
 */
public final class LargestKernel {
    public static final int LENGTH = 0;
    public static final int COUNT = 1;
    public static final int PARTS = 2;
    public static final int PART = 3;
    public static final int HAS_INDEXES = 4;
    public static final int RANK = 5;
    public static final int DIMS = 6;
    public static final int X = DIMS + Rows.MAX_RANK;
    public static final int INDEXES = X + Rows.OPERAND;
    public static final int RESULT = INDEXES + Rows.OPERAND;
    public static final int RESULT_INDEXES = RESULT + Rows.OPERAND;
    /** Work-items that share a part. */
    public static final int GROUP = 64;

    private static final int NONE = Integer.MAX_VALUE;

    private LargestKernel() {}

    /** A work-group for each part of each line: item by item knows its own largest, and the largest of these is taken. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] largest = context.allocateFloatLocalArray(GROUP);
        int[] where = context.allocateIntLocalArray(GROUP);
        float[] taken = context.allocateFloatLocalArray(1);
        int[] takenWhere = context.allocateIntLocalArray(1);
        int row = cursor.get(Rows.ROW);
        int item = context.localIdx;
        int length = ints.get(row + LENGTH);
        int count = ints.get(row + COUNT);
        int parts = ints.get(row + PARTS);
        int size = ints.get(row + PART);
        int hasIndexes = ints.get(row + HAS_INDEXES);
        int rank = ints.get(row + RANK);
        // A constant -Infinity would be written as no compiler reads it.
        float lowest = -(float) count / 0f;
        int part = context.groupIdx % parts;
        int line = context.groupIdx / parts;
        int x = Operands.begin(cursor, ints, row + X) + Operands.offset(ints, row + X, row + DIMS, rank, line);
        int step = Operands.stride(ints, row + X, rank);
        int indexes = Operands.begin(cursor, ints, row + INDEXES)
                + Operands.offset(ints, row + INDEXES, row + DIMS, rank, line);
        int indexStep = Operands.stride(ints, row + INDEXES, rank);
        int resultStep = Operands.stride(ints, row + RESULT, rank);
        int result = Operands.begin(cursor, ints, row + RESULT)
                + Operands.offset(ints, row + RESULT, row + DIMS, rank, line)
                + part * count * resultStep;
        int toStep = Operands.stride(ints, row + RESULT_INDEXES, rank);
        int to = Operands.begin(cursor, ints, row + RESULT_INDEXES)
                + Operands.offset(ints, row + RESULT_INDEXES, row + DIMS, rank, line)
                + part * count * toStep;
        int begin = part * size;
        int end = begin + size < length ? begin + size : length;
        float last = 1f / 0f;
        int lastWhere = -1;
        float best = lowest;
        int bestWhere = -1;
        int bestEntry = 0;
        for (int n = 0; n < count; n++) {
            // Only the item whose entry was taken looks for another one.
            if (bestWhere == lastWhere) {
                best = lowest;
                bestWhere = NONE;
                for (int e = begin + item; e < end; e += GROUP) {
                    float value = Numbers.ordered(floats.get(x + e * step));
                    int at = e;
                    if (hasIndexes == 1) {
                        at = ints.get(indexes + e * indexStep);
                    }
                    int behind = value < last ? 1 : 0;
                    if (value == last) {
                        behind = at > lastWhere ? 1 : 0;
                    }
                    int better = value > best ? behind : 0;
                    if (value == best) {
                        better = at < bestWhere ? behind : 0;
                    }
                    best = better == 1 ? value : best;
                    bestWhere = better == 1 ? at : bestWhere;
                    bestEntry = better == 1 ? e : bestEntry;
                }
            }
            largest[item] = best;
            where[item] = bestWhere;
            context.localBarrier();
            if (item == 0) {
                float highest = lowest;
                int first = NONE;
                for (int k = 0; k < GROUP; k++) {
                    int better = largest[k] > highest ? 1 : 0;
                    if (largest[k] == highest) {
                        better = where[k] < first ? 1 : 0;
                    }
                    highest = better == 1 ? largest[k] : highest;
                    first = better == 1 ? where[k] : first;
                }
                taken[0] = highest;
                takenWhere[0] = first;
                ints.set(to + n * toStep, first);
                if (first == NONE) {
                    floats.set(result + n * resultStep, lowest);
                }
            }
            context.localBarrier();
            last = taken[0];
            lastWhere = takenWhere[0];
            if (bestWhere == lastWhere) {
                if (bestWhere != NONE) {
                    floats.set(result + n * resultStep, floats.get(x + bestEntry * step));
                }
            }
        }
    }
}
