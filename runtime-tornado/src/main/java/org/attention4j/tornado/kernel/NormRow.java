package org.attention4j.tornado.kernel;

/**
 * The row of norms of lines: {@code (x − m) / sqrt(sum((x − m)²) / n + epsilon) · (weight + offset) + bias}, where m is the mean or 0.
 * It is {@code [width, n, 1 if m is the mean, parts]}, and operands: x and the result, each {@code [line, entry]}; weight and bias,
 * each {@code [part, entry]}, of which line i takes part i mod parts; epsilon and the weight's offset, which are numbers.
 */
public final class NormRow {
    static final int WIDTH = 0;
    static final int COUNT = 1;
    static final int CENTRED = 2;
    static final int PARTS = 3;
    static final int X = 4;
    static final int RESULT = X + Rows.OPERAND;
    static final int WEIGHT = RESULT + Rows.OPERAND;
    static final int BIAS = WEIGHT + Rows.OPERAND;
    static final int EPSILON = BIAS + Rows.OPERAND;
    static final int OFFSET = EPSILON + Rows.OPERAND;
    /** Numbers of the row. */
    public static final int SIZE = OFFSET + Rows.OPERAND;

    private NormRow() {}

    /** The row of lines without entries: whatever it says is read is there. */
    public static int[] none() {
        int[] row = new int[SIZE];
        row[COUNT] = 1;
        row[PARTS] = 1;
        for (int at = X; at < SIZE; at += Rows.OPERAND) {
            row[at + 1] = Rows.ABSOLUTE;
        }
        return row;
    }
}
