package org.attention4j.tornado.kernel;

/**
 * The row of a routing: {@code [tokens, experts, experts of a token, scoring, 1 if the weights are divided by their sum, where the
 * norm's row begins, where the row of the logits' program begins, work-items that share a logit]}, both relative to the row, and operands:
 * logits {@code [token, expert]}; the bias for choosing {@code [expert]}, of stride 0 if there is none; the weights' factor, a number; the
 * chosen experts' numbers and their weights {@code [token, choice]}. The norm's row is {@link NormRow}'s, the program's {@link
 * LinearKernel}'s, which stores the logits; where one lacks, its row is of lines of width 0, or of no elements.
 */
public final class RoutingRow {
    /** Softmax over all experts. */
    public static final int SOFTMAX = 0;
    /** The sigmoid of each logit. */
    public static final int SIGMOID = 1;
    /** Softmax over the chosen ones. */
    public static final int SOFTMAX_OF_CHOSEN = 2;

    static final int EXPERTS = 1;
    static final int CHOICES = 2;
    static final int SCORING = 3;
    static final int DIVIDED = 4;
    static final int NORM = 5;
    static final int PROGRAM = 6;
    static final int LANES = 7;
    static final int LOGITS = 8;
    static final int BIAS = LOGITS + Rows.OPERAND;
    static final int FACTOR = BIAS + Rows.OPERAND;
    static final int IDS = FACTOR + Rows.OPERAND;
    static final int WEIGHTS = IDS + Rows.OPERAND;
    /** Numbers of the row without those of the norm and the program, which follow it. */
    public static final int SIZE = WEIGHTS + Rows.OPERAND;

    /** The most experts: a work-group has so many scores in local memory. */
    public static final int MOST_EXPERTS = 1024;

    private RoutingRow() {}
}
