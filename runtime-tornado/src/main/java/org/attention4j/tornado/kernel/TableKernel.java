package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rows of a table as its type stores it. The row: {@code [indexes, elements of a table's row, rows of the table, type, where the
 * table begins, bytes of a row]}, and two operands of one dim each: the indexes, and where the result's rows begin.
 */
public final class TableKernel {
    public static final int INDEXES = 6;
    public static final int RESULT = INDEXES + Rows.OPERAND;

    private TableKernel() {}

    /** One work-item for each element. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        int row = cursor.get(Rows.ROW);
        int width = ints.get(row + 1);
        int type = ints.get(row + 3);
        int count = ints.get(row) * width;
        int indexes = Operands.begin(cursor, ints, row + INDEXES);
        int result = Operands.begin(cursor, ints, row + RESULT);
        for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
            int i = e / width;
            int k = e % width;
            int index = ints.get(indexes + i * Operands.stride(ints, row + INDEXES, 0));
            if (index < 0 || index >= ints.get(row + 2)) {
                ints.set(Rows.FAILED, row);
                index = 0;
            }
            int w = ints.get(row + 4) + index * ints.get(row + 5);
            float value = 0f;
            if (type <= LinearKernel.BF16) {
                value = Elements.sixteenBits(bytes, floats, type, w, k);
            } else if (type <= LinearKernel.Q4_0) {
                value = Elements.blockOf32(bytes, type, w, k);
            } else if (type == LinearKernel.Q4_K) {
                value = Elements.q4k(bytes, w, k);
            } else {
                value = Elements.q6k(bytes, w, k);
            }
            floats.set(result + e, value);
        }
    }
}
