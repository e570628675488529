package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Writes new tokens to key/value caches, in place. The row is a list like {@link MapKernel}'s; each of its rows is {@code
 * [elements, heads, tokens, entries, slots, sinks]}, and operands: the tokens {@code [batch, token, head, entry]}, the cache {@code
 * [batch, head, slot, entry]}, the position and the lengths {@code [batch]}.
 */
public final class CacheKernel {
    public static final int TOKENS = 6;
    public static final int CACHE = TOKENS + Rows.OPERAND;
    public static final int POSITION = CACHE + Rows.OPERAND;
    public static final int LENGTH = POSITION + Rows.OPERAND;

    private CacheKernel() {}

    /** One work-item for each element of the tokens. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int list = cursor.get(Rows.ROW);
        int jobs = ints.get(list);
        for (int job = 0; job < jobs; job++) {
            int row = list + ints.get(list + 1 + job);
            int elements = ints.get(row);
            int heads = ints.get(row + 1);
            int tokens = ints.get(row + 2);
            int entries = ints.get(row + 3);
            int slots = ints.get(row + 4);
            int sinks = ints.get(row + 5);
            int from = Operands.begin(cursor, ints, row + TOKENS);
            int to = Operands.begin(cursor, ints, row + CACHE);
            for (int e = context.globalIdx; e < elements; e += context.globalGroupSizeX) {
                int d = e % entries;
                int h = e / entries % heads;
                int t = e / entries / heads % tokens;
                int b = e / entries / heads / tokens;
                int length = ints.get(Operands.begin(cursor, ints, row + LENGTH)
                        + b * Operands.stride(ints, row + LENGTH, 0));
                int position = t
                        + ints.get(Operands.begin(cursor, ints, row + POSITION)
                                + b * Operands.stride(ints, row + POSITION, 0));
                int slot = position;
                if (position >= sinks) {
                    slot = sinks + (position - sinks) % (slots - sinks);
                }
                if (t < length) {
                    floats.set(
                            to
                                    + b * Operands.stride(ints, row + CACHE, 0)
                                    + h * Operands.stride(ints, row + CACHE, 1)
                                    + slot * Operands.stride(ints, row + CACHE, 2)
                                    + d,
                            floats.get(from
                                    + b * Operands.stride(ints, row + TOKENS, 0)
                                    + t * Operands.stride(ints, row + TOKENS, 1)
                                    + h * Operands.stride(ints, row + TOKENS, 2)
                                    + d * Operands.stride(ints, row + TOKENS, 3)));
                }
            }
        }
    }
}
