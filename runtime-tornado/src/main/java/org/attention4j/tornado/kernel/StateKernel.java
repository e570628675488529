package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Linear recurrences over any number of tokens in one launch: equations (1), (2) and (2′) of
 * {@link org.attention4j.core.mixer.linearattention}. The row: {@code [batch, seq, heads, key entries, value entries, 1 if a part is
 * replaced, 1 if a token reads before it writes]}, and operands: query, key, value, decay (e to the log decay), remove and write
 * {@code [batch, seq, head, entry]}; bonus {@code [head, entry]}; state {@code [batch, head, key entry, value entry]}, which is
 * replaced by the next one; the scale, a number; result as value. What an op lacks has strides of 0.
 *
 * <p>A column of the state depends on no other one, so a work-item has one to itself, in private memory, for all tokens: nobody waits
 * for anybody. All columns of a head read the same entries of keys at the same time, which lie in caches then.
 */
public final class StateKernel {
    public static final int QUERY = 7;
    public static final int KEY = QUERY + Rows.OPERAND;
    public static final int VALUE = KEY + Rows.OPERAND;
    public static final int DECAY = VALUE + Rows.OPERAND;
    public static final int REMOVE = DECAY + Rows.OPERAND;
    public static final int WRITE = REMOVE + Rows.OPERAND;
    public static final int BONUS = WRITE + Rows.OPERAND;
    public static final int STATE = BONUS + Rows.OPERAND;
    public static final int SCALE = STATE + Rows.OPERAND;
    public static final int RESULT = SCALE + Rows.OPERAND;

    /** The most entries of a key: a work-item has so many floats to itself. */
    public static final int MOST_KEYS = 256;

    private StateKernel() {}

    /** One work-item for each column of a state. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] s = new float[MOST_KEYS];
        float[] sums = new float[2];
        int row = cursor.get(Rows.ROW);
        int seq = ints.get(row + 1);
        int heads = ints.get(row + 2);
        int keyDim = ints.get(row + 3);
        int valueDim = ints.get(row + 4);
        int replaces = ints.get(row + 5);
        int before = ints.get(row + 6);
        int queryStep = Operands.stride(ints, row + QUERY, 3);
        int keyStep = Operands.stride(ints, row + KEY, 3);
        int decayStep = Operands.stride(ints, row + DECAY, 3);
        int removeStep = Operands.stride(ints, row + REMOVE, 3);
        int writeStep = Operands.stride(ints, row + WRITE, 3);
        int bonusStep = Operands.stride(ints, row + BONUS, 1);
        int stateStep = Operands.stride(ints, row + STATE, 2);
        float scale = floats.get(Operands.begin(cursor, ints, row + SCALE));
        int columns = ints.get(row) * heads * valueDim;
        for (int c = context.globalIdx; c < columns; c += context.globalGroupSizeX) {
            int v = c % valueDim;
            int h = c / valueDim % heads;
            int b = c / valueDim / heads;
            int state = Operands.begin(cursor, ints, row + STATE)
                    + b * Operands.stride(ints, row + STATE, 0)
                    + h * Operands.stride(ints, row + STATE, 1)
                    + v * Operands.stride(ints, row + STATE, 3);
            int bonus = Operands.begin(cursor, ints, row + BONUS) + h * Operands.stride(ints, row + BONUS, 0);
            for (int k = 0; k < keyDim; k++) {
                s[k] = floats.get(state + k * stateStep);
            }
            for (int t = 0; t < seq; t++) {
                int query = token(cursor, ints, row + QUERY, b, t, h);
                int key = token(cursor, ints, row + KEY, b, t, h);
                int decay = token(cursor, ints, row + DECAY, b, t, h);
                int remove = token(cursor, ints, row + REMOVE, b, t, h);
                int write = token(cursor, ints, row + WRITE, b, t, h);
                float value = floats.get(
                        token(cursor, ints, row + VALUE, b, t, h) + v * Operands.stride(ints, row + VALUE, 3));
                // Into an array: a variable that branches set is miscompiled if they have loops.
                sums[0] = 0f;
                if (before == 1) {
                    float sum = 0f;
                    for (int k = 0; k < keyDim; k++) {
                        float own = floats.get(bonus + k * bonusStep) * floats.get(key + k * keyStep) * value;
                        sum += floats.get(query + k * queryStep) * (s[k] + own);
                    }
                    sums[0] = sum;
                }
                if (replaces == 1) {
                    float removed = 0f;
                    for (int k = 0; k < keyDim; k++) {
                        removed += floats.get(remove + k * removeStep) * s[k];
                    }
                    float sum = 0f;
                    for (int k = 0; k < keyDim; k++) {
                        float next = floats.get(decay + k * decayStep) * s[k]
                                + floats.get(key + k * keyStep) * value
                                + floats.get(write + k * writeStep) * removed;
                        s[k] = next;
                        sum += floats.get(query + k * queryStep) * next;
                    }
                    sums[1] = sum;
                } else {
                    float sum = 0f;
                    for (int k = 0; k < keyDim; k++) {
                        float next = floats.get(decay + k * decayStep) * s[k] + floats.get(key + k * keyStep) * value;
                        s[k] = next;
                        sum += floats.get(query + k * queryStep) * next;
                    }
                    sums[1] = sum;
                }
                int result = token(cursor, ints, row + RESULT, b, t, h) + v * Operands.stride(ints, row + RESULT, 3);
                floats.set(result, (before == 1 ? sums[0] : sums[1]) * scale);
            }
            for (int k = 0; k < keyDim; k++) {
                floats.set(state + k * stateStep, s[k]);
            }
        }
    }

    /** Where a head's part of a token begins. */
    private static int token(IntArray cursor, IntArray ints, int at, int b, int t, int h) {
        return Operands.begin(cursor, ints, at)
                + b * Operands.stride(ints, at, 0)
                + t * Operands.stride(ints, at, 1)
                + h * Operands.stride(ints, at, 2);
    }
}
