package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products of matrices. The row: {@code [matrices, rows, columns, inner, number of leading dims]}, the leading dims, and the
 * operands a, b and the result, each with the strides of the leading dims, then of its two own: {@code [row, inner]},
 * {@code [inner, column]}, {@code [row, column]}.
 */
public final class MatMulKernel {
    public static final int DIMS = 5;
    public static final int A = DIMS + Rows.MAX_RANK;
    public static final int B = A + Rows.OPERAND;
    public static final int RESULT = B + Rows.OPERAND;
    public static final int SIZE = RESULT + Rows.OPERAND;

    private static final int RUN = 32;

    private MatMulKernel() {}

    /** One work-item for each element of the result. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int rows = ints.get(row + 1);
        int columns = ints.get(row + 2);
        int inner = ints.get(row + 3);
        int rank = ints.get(row + 4);
        int count = ints.get(row) * rows * columns;
        int a = Operands.begin(cursor, ints, row + A);
        int b = Operands.begin(cursor, ints, row + B);
        int c = Operands.begin(cursor, ints, row + RESULT);
        int aRow = Operands.stride(ints, row + A, rank);
        int aInner = Operands.stride(ints, row + A, rank + 1);
        int bInner = Operands.stride(ints, row + B, rank);
        int bColumn = Operands.stride(ints, row + B, rank + 1);
        int cRow = Operands.stride(ints, row + RESULT, rank);
        int cColumn = Operands.stride(ints, row + RESULT, rank + 1);
        for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
            int column = e % columns;
            int i = e / columns % rows;
            int matrix = e / columns / rows;
            int from = a + Operands.offset(ints, row + A, row + DIMS, rank, matrix) + i * aRow;
            int with = b + Operands.offset(ints, row + B, row + DIMS, rank, matrix) + column * bColumn;
            int to = c + Operands.offset(ints, row + RESULT, row + DIMS, rank, matrix) + i * cRow + column * cColumn;
            // Sums of runs, then of these: rounding errors grow with the length of a run and the number of runs.
            float sum = 0f;
            for (int begin = 0; begin < inner; begin += RUN) {
                int end = begin + RUN < inner ? begin + RUN : inner;
                float part = 0f;
                for (int k = begin; k < end; k++) {
                    part += floats.get(from + k * aInner) * floats.get(with + k * bInner);
                }
                sum += part;
            }
            floats.set(to, sum);
        }
    }
}
