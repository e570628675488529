package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Attention to parts of a cache, put together: see {@link AttentionKernel}, whose row this reads too. */
public final class AttentionMergeKernel {
    private AttentionMergeKernel() {}

    /** A work-item for each entry of a result. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int seq = ints.get(row + AttentionRow.SEQ);
        int heads = ints.get(row + AttentionRow.HEADS);
        int valueDim = ints.get(row + AttentionRow.VALUE_DIM);
        int parts = ints.get(row + AttentionRow.PARTS);
        int count = ints.get(row + AttentionRow.BATCH) * seq * heads * valueDim;
        for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
            int entry = e % valueDim;
            int h = e / valueDim % heads;
            int i = e / valueDim / heads % seq;
            int b = e / valueDim / heads / seq;
            int from = AttentionRow.partial(cursor, ints, row, b, i, h, 0);
            float max = AttentionRow.LOWEST;
            for (int p = 0; p < parts; p++) {
                float other = floats.get(from + p * (valueDim + 2) + valueDim);
                max = other > max ? other : max;
            }
            float sum = 0f;
            float total = 0f;
            for (int p = 0; p < parts; p++) {
                int at = from + p * (valueDim + 2);
                float weight = TornadoMath.exp(floats.get(at + valueDim) - max);
                total += weight * floats.get(at + valueDim + 1);
                sum += weight * floats.get(at + entry);
            }
            int to = AttentionRow.vector(cursor, ints, row + AttentionRow.RESULT, b, i, h);
            floats.set(to + entry, sum * AttentionRow.share(cursor, ints, floats, row, h, max, total));
        }
    }
}
