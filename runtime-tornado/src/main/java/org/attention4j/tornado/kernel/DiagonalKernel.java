package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Recurrences whose state's entries don't see each other, over any number of tokens in one launch:
 * {@link org.attention4j.core.mixer.recurrence.DiagonalRecurrence}. The row: {@code [batch, seq, entries]}, and operands: decay and
 * input {@code [batch, seq, entry]}; state {@code [batch, entry]}, which is replaced by the next one; result as decay.
 */
public final class DiagonalKernel {
    public static final int DECAY = 3;
    public static final int INPUT = DECAY + Rows.OPERAND;
    public static final int STATE = INPUT + Rows.OPERAND;
    public static final int RESULT = STATE + Rows.OPERAND;

    private DiagonalKernel() {}

    /** One work-item for each entry of each sequence. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int seq = ints.get(row + 1);
        int entries = ints.get(row + 2);
        int decayStep = Operands.stride(ints, row + DECAY, 1);
        int inputStep = Operands.stride(ints, row + INPUT, 1);
        int resultStep = Operands.stride(ints, row + RESULT, 1);
        int count = ints.get(row) * entries;
        for (int i = context.globalIdx; i < count; i += context.globalGroupSizeX) {
            int batch = i / entries;
            int entry = i % entries;
            int decay = place(cursor, ints, row + DECAY, batch, entry, 2);
            int input = place(cursor, ints, row + INPUT, batch, entry, 2);
            int result = place(cursor, ints, row + RESULT, batch, entry, 2);
            int state = place(cursor, ints, row + STATE, batch, entry, 1);
            float s = floats.get(state);
            for (int t = 0; t < seq; t++) {
                s = floats.get(decay + t * decayStep) * s + floats.get(input + t * inputStep);
                floats.set(result + t * resultStep, s);
            }
            floats.set(state, s);
        }
    }

    private static int place(IntArray cursor, IntArray ints, int at, int batch, int entry, int dim) {
        return Operands.begin(cursor, ints, at)
                + batch * Operands.stride(ints, at, 0)
                + entry * Operands.stride(ints, at, dim);
    }
}
