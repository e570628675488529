package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Which experts compute a token, and with which weights: {@link org.attention4j.core.moe.Routing} without groups. The row: {@code
 * [tokens, experts, experts of a token, scoring, 1 if the weights are divided by their sum]}, and operands: logits {@code [token,
 * expert]}; the bias for choosing {@code [expert]}, of stride 0 if there is none; the weights' factor, a number; the chosen experts'
 * numbers and their weights {@code [token, choice]}.
 */
public final class RoutingKernel {
    /** Softmax over all experts. */
    public static final int SOFTMAX = 0;
    /** The sigmoid of each logit. */
    public static final int SIGMOID = 1;
    /** Softmax over the chosen ones. */
    public static final int SOFTMAX_OF_CHOSEN = 2;

    public static final int LOGITS = 5;
    public static final int BIAS = LOGITS + Rows.OPERAND;
    public static final int FACTOR = BIAS + Rows.OPERAND;
    public static final int IDS = FACTOR + Rows.OPERAND;
    public static final int WEIGHTS = IDS + Rows.OPERAND;

    /** Work-items that share a token. */
    public static final int GROUP = 64;
    /** The most experts: a work-group has so many scores in local memory. */
    public static final int MOST_EXPERTS = 1024;

    /** The least sum of weights that they are divided by. */
    private static final float LEAST_SUM = 1e-20f;

    private RoutingKernel() {}

    /** A work-group for each token: each work-item has some experts, and counts how many come before each of these. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] scores = context.allocateFloatLocalArray(MOST_EXPERTS);
        float[] candidates = context.allocateFloatLocalArray(MOST_EXPERTS);
        float[] chosen = context.allocateFloatLocalArray(MOST_EXPERTS);
        float[] parts = context.allocateFloatLocalArray(GROUP);
        int row = cursor.get(Rows.ROW);
        int experts = ints.get(row + 1);
        int count = ints.get(row + 2);
        int scoring = ints.get(row + 3);
        int item = context.localIdx;
        int token = context.groupIdx;
        int logits = Operands.begin(cursor, ints, row + LOGITS) + token * Operands.stride(ints, row + LOGITS, 0);
        int bias = Operands.begin(cursor, ints, row + BIAS);
        int biasStep = Operands.stride(ints, row + BIAS, 0);
        float max = floats.get(logits);
        for (int e = item; e < experts; e += GROUP) {
            float logit = floats.get(logits + e);
            scores[e] = logit;
            max = Numbers.max(max, logit);
        }
        parts[item] = max;
        context.localBarrier();
        for (int i = 0; i < GROUP; i++) {
            max = Numbers.max(max, parts[i]);
        }
        context.localBarrier();
        float sum = 0f;
        for (int e = item; e < experts; e += GROUP) {
            float score = scores[e];
            if (scoring == SOFTMAX) {
                score = TornadoMath.exp(score - max);
            } else if (scoring == SIGMOID) {
                score = Numbers.sigmoid(score);
            }
            scores[e] = score;
            sum += score;
        }
        parts[item] = sum;
        context.localBarrier();
        float all = 0f;
        for (int i = 0; i < GROUP; i++) {
            all += parts[i];
        }
        float share = scoring == SOFTMAX ? 1f / all : 1f;
        for (int e = item; e < experts; e += GROUP) {
            float score = scores[e] * share;
            scores[e] = score;
            candidates[e] = Numbers.ordered(score + floats.get(bias + e * biasStep));
        }
        context.localBarrier();
        int ids = Operands.begin(cursor, ints, row + IDS) + token * count;
        for (int e = item; e < experts; e += GROUP) {
            float own = candidates[e];
            int before = 0;
            for (int other = 0; other < experts; other++) {
                float x = candidates[other];
                if (x > own) {
                    before++;
                }
                if (x == own) {
                    before += other < e ? 1 : 0;
                }
            }
            if (before < count) {
                chosen[before] = scores[e];
                ints.set(ids + before, e);
            }
        }
        context.localBarrier();
        float largest = chosen[0];
        for (int i = 1; i < count; i++) {
            largest = Numbers.max(largest, chosen[i]);
        }
        float total = 0f;
        for (int i = 0; i < count; i++) {
            total += scoring == SOFTMAX_OF_CHOSEN ? TornadoMath.exp(chosen[i] - largest) : chosen[i];
        }
        float factor = floats.get(Operands.begin(cursor, ints, row + FACTOR));
        int weights = Operands.begin(cursor, ints, row + WEIGHTS) + token * count;
        for (int i = item; i < count; i += GROUP) {
            float weight = chosen[i];
            if (scoring == SOFTMAX_OF_CHOSEN) {
                weight = TornadoMath.exp(weight - largest) / total;
            }
            if (ints.get(row + 4) == 1) {
                // Weights that are a softmax already have the sum 1.
                weight = weight / ((scoring == SOFTMAX_OF_CHOSEN ? 1f : total) + LEAST_SUM);
            }
            floats.set(weights + i, weight * factor);
        }
    }
}
