package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * RWKV-4's weighted averages over any number of tokens in one launch: {@link org.attention4j.core.mixer.rwkv.Wkv4}. The row: {@code
 * [batch, seq, channels]}, and operands: key, value and log decay {@code [batch, seq, channel]}; bonus {@code [channel]}; numerator,
 * denominator and max {@code [batch, channel]}, which are replaced by the next ones; result as key.
 */
public final class Wkv4Kernel {
    public static final int KEY = 3;
    public static final int VALUE = KEY + Rows.OPERAND;
    public static final int DECAY = VALUE + Rows.OPERAND;
    public static final int BONUS = DECAY + Rows.OPERAND;
    public static final int NUMERATOR = BONUS + Rows.OPERAND;
    public static final int DENOMINATOR = NUMERATOR + Rows.OPERAND;
    public static final int MAX = DENOMINATOR + Rows.OPERAND;
    public static final int RESULT = MAX + Rows.OPERAND;

    /** Below every key: what a sequence that has not begun has as its largest one. */
    private static final float NOTHING = -1e38f;

    private Wkv4Kernel() {}

    /** One work-item for each channel of each sequence. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int seq = ints.get(row + 1);
        int channels = ints.get(row + 2);
        int keyStep = Operands.stride(ints, row + KEY, 1);
        int valueStep = Operands.stride(ints, row + VALUE, 1);
        int decayStep = Operands.stride(ints, row + DECAY, 1);
        int resultStep = Operands.stride(ints, row + RESULT, 1);
        int count = ints.get(row) * channels;
        for (int i = context.globalIdx; i < count; i += context.globalGroupSizeX) {
            int batch = i / channels;
            int channel = i % channels;
            int keys = place(cursor, ints, row + KEY, batch, channel, 2);
            int values = place(cursor, ints, row + VALUE, batch, channel, 2);
            int decays = place(cursor, ints, row + DECAY, batch, channel, 2);
            int results = place(cursor, ints, row + RESULT, batch, channel, 2);
            int numeratorAt = place(cursor, ints, row + NUMERATOR, batch, channel, 1);
            int denominatorAt = place(cursor, ints, row + DENOMINATOR, batch, channel, 1);
            int maxAt = place(cursor, ints, row + MAX, batch, channel, 1);
            float bonus = floats.get(place(cursor, ints, row + BONUS, channel, 0, 1));
            float numerator = floats.get(numeratorAt);
            float denominator = floats.get(denominatorAt);
            float max = floats.get(maxAt);
            for (int t = 0; t < seq; t++) {
                float key = floats.get(keys + t * keyStep);
                float value = floats.get(values + t * valueStep);
                float before = denominator > 0f ? max : NOTHING;
                float own = key + bonus;
                float most = Numbers.max(before, own);
                float past = TornadoMath.exp(before - most);
                float present = TornadoMath.exp(own - most);
                floats.set(
                        results + t * resultStep,
                        (past * numerator + present * value) / (past * denominator + present));
                float faded = before + floats.get(decays + t * decayStep);
                float next = Numbers.max(faded, key);
                float kept = TornadoMath.exp(faded - next);
                float added = TornadoMath.exp(key - next);
                numerator = kept * numerator + added * value;
                denominator = kept * denominator + added;
                max = next;
            }
            floats.set(numeratorAt, numerator);
            floats.set(denominatorAt, denominator);
            floats.set(maxAt, max);
        }
    }

    private static int place(IntArray cursor, IntArray ints, int at, int first, int last, int dim) {
        return Operands.begin(cursor, ints, at)
                + first * Operands.stride(ints, at, 0)
                + last * Operands.stride(ints, at, dim);
    }
}
