package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Mamba-1's selective scan over any number of tokens in one launch: {@link org.attention4j.core.mixer.mamba}. The row: {@code [batch,
 * seq, channels, entries of a channel's state]}, and operands: u and delta {@code [batch, seq, channel]}; a {@code [channel, entry]};
 * b and c {@code [batch, seq, entry]}; state {@code [batch, channel, entry]}, which is replaced by the next one; result as u.
 */
public final class ScanKernel {
    public static final int U = 4;
    public static final int DELTA = U + Rows.OPERAND;
    public static final int A = DELTA + Rows.OPERAND;
    public static final int B = A + Rows.OPERAND;
    public static final int C = B + Rows.OPERAND;
    public static final int STATE = C + Rows.OPERAND;
    public static final int RESULT = STATE + Rows.OPERAND;

    /** The most entries of a channel's state: a work-item has so many floats to itself. */
    public static final int MOST_ENTRIES = 256;

    private ScanKernel() {}

    /** One work-item for each channel of each sequence. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] s = new float[MOST_ENTRIES];
        int row = cursor.get(Rows.ROW);
        int seq = ints.get(row + 1);
        int channels = ints.get(row + 2);
        int entries = ints.get(row + 3);
        int aStep = Operands.stride(ints, row + A, 1);
        int bStep = Operands.stride(ints, row + B, 2);
        int cStep = Operands.stride(ints, row + C, 2);
        int stateStep = Operands.stride(ints, row + STATE, 2);
        int count = ints.get(row) * channels;
        for (int i = context.globalIdx; i < count; i += context.globalGroupSizeX) {
            int channel = i % channels;
            int batch = i / channels;
            int a = Operands.begin(cursor, ints, row + A) + channel * Operands.stride(ints, row + A, 0);
            int state = place(cursor, ints, row + STATE, batch, channel);
            for (int n = 0; n < entries; n++) {
                s[n] = floats.get(state + n * stateStep);
            }
            for (int t = 0; t < seq; t++) {
                float delta = floats.get(
                        place(cursor, ints, row + DELTA, batch, t) + channel * Operands.stride(ints, row + DELTA, 2));
                float u = floats.get(
                        place(cursor, ints, row + U, batch, t) + channel * Operands.stride(ints, row + U, 2));
                int b = place(cursor, ints, row + B, batch, t);
                int c = place(cursor, ints, row + C, batch, t);
                float y = 0f;
                for (int n = 0; n < entries; n++) {
                    float next = TornadoMath.exp(delta * floats.get(a + n * aStep)) * s[n]
                            + delta * u * floats.get(b + n * bStep);
                    s[n] = next;
                    y += next * floats.get(c + n * cStep);
                }
                int result =
                        place(cursor, ints, row + RESULT, batch, t) + channel * Operands.stride(ints, row + RESULT, 2);
                floats.set(result, y);
            }
            for (int n = 0; n < entries; n++) {
                floats.set(state + n * stateStep, s[n]);
            }
        }
    }

    private static int place(IntArray cursor, IntArray ints, int at, int first, int second) {
        return Operands.begin(cursor, ints, at)
                + first * Operands.stride(ints, at, 0)
                + second * Operands.stride(ints, at, 1);
    }
}
