package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Causal attention of queries to a cache that holds their tokens already: softmax online (Milakov and Gimelshein 2018), tile by
 * tile of the cache, each tile's scores by one work-item for each key, its sum by one for each entry of a value.
 */
public final class AttentionKernel {
    // In the row: sizes.
    public static final int SEQ = 1;
    public static final int HEADS = 2;
    public static final int SHARE = 3;
    public static final int KEY_DIM = 4;
    public static final int VALUE_DIM = 5;
    public static final int SLOTS = 6;
    public static final int RING_SINKS = 7;
    public static final int WINDOW = 8;
    public static final int SINK_TOKENS = 9;
    public static final int CHUNK = 10;
    /** 1 if there are ALiBi slopes. */
    public static final int HAS_SLOPES = 11;
    /** 1 if there are logits of sinks. */
    public static final int HAS_LOGITS = 12;
    /** 1 if there is a softcap. */
    public static final int HAS_CAP = 13;

    // In the row: operands.
    public static final int QUERY = 14;
    public static final int KEYS = QUERY + Rows.OPERAND;
    public static final int VALUES = KEYS + Rows.OPERAND;
    public static final int POSITION = VALUES + Rows.OPERAND;
    public static final int LENGTH = POSITION + Rows.OPERAND;
    public static final int SLOPES = LENGTH + Rows.OPERAND;
    public static final int LOGITS = SLOPES + Rows.OPERAND;
    public static final int SCALE = LOGITS + Rows.OPERAND;
    public static final int CAP = SCALE + Rows.OPERAND;
    public static final int RESULT = CAP + Rows.OPERAND;

    /** Work-items that share a query, and keys of a tile. */
    public static final int GROUP = 64;
    /** The most entries of a value, as multiples of the group. */
    public static final int PARTS = 8;

    private static final float LOWEST = -1e30f;

    private AttentionKernel() {}

    /** A work-group for each query of each head of each sequence. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] shared = context.allocateFloatLocalArray(GROUP);
        int row = cursor.get(Rows.ROW);
        int seq = ints.get(row + SEQ);
        int heads = ints.get(row + HEADS);
        int keyDim = ints.get(row + KEY_DIM);
        int valueDim = ints.get(row + VALUE_DIM);
        int item = context.localIdx;
        int h = context.groupIdx % heads;
        int i = context.groupIdx / heads % seq;
        int b = context.groupIdx / heads / seq;
        int kv = h / ints.get(row + SHARE);
        int query = Operands.begin(cursor, ints, row + QUERY)
                + b * Operands.stride(ints, row + QUERY, 0)
                + i * Operands.stride(ints, row + QUERY, 1)
                + h * Operands.stride(ints, row + QUERY, 2);
        int queryStep = Operands.stride(ints, row + QUERY, 3);
        int keys = Operands.begin(cursor, ints, row + KEYS)
                + b * Operands.stride(ints, row + KEYS, 0)
                + kv * Operands.stride(ints, row + KEYS, 1);
        int keyStep = Operands.stride(ints, row + KEYS, 2);
        int values = Operands.begin(cursor, ints, row + VALUES)
                + b * Operands.stride(ints, row + VALUES, 0)
                + kv * Operands.stride(ints, row + VALUES, 1);
        int valueStep = Operands.stride(ints, row + VALUES, 2);
        int position =
                ints.get(Operands.begin(cursor, ints, row + POSITION) + b * Operands.stride(ints, row + POSITION, 0));
        int seen = position
                + ints.get(Operands.begin(cursor, ints, row + LENGTH) + b * Operands.stride(ints, row + LENGTH, 0));
        int at = position + i;
        int slots = ints.get(row + SLOTS);
        int count = seen < slots ? seen : slots;
        float scale = floats.get(Operands.begin(cursor, ints, row + SCALE));
        float cap = floats.get(Operands.begin(cursor, ints, row + CAP));
        float[] sums = new float[PARTS];
        // On a device a new array holds anything.
        for (int p = 0; p < PARTS; p++) {
            sums[p] = 0f;
        }
        float max = LOWEST;
        float total = 0f;
        for (int begin = 0; begin < count; begin += GROUP) {
            int slot = begin + item;
            float score = LOWEST;
            if (slot < count) {
                int where = positionOf(ints, row, slot, slots, seen);
                if (isVisible(ints, row, where, at) == 1) {
                    float dot = 0f;
                    for (int d = 0; d < keyDim; d++) {
                        dot += floats.get(query + d * queryStep) * floats.get(keys + slot * keyStep + d);
                    }
                    score = dot * scale;
                    if (ints.get(row + HAS_CAP) == 1) {
                        score = TornadoMath.tanh(score / cap) * cap;
                    }
                    if (ints.get(row + HAS_SLOPES) == 1) {
                        score += floats.get(Operands.begin(cursor, ints, row + SLOPES)
                                        + h * Operands.stride(ints, row + SLOPES, 0))
                                * (where - at);
                    }
                }
            }
            shared[item] = score;
            context.localBarrier();
            float higher = max;
            for (int k = 0; k < GROUP; k++) {
                higher = shared[k] > higher ? shared[k] : higher;
            }
            context.localBarrier();
            shared[item] = score > LOWEST ? TornadoMath.exp(score - higher) : 0f;
            context.localBarrier();
            float correction = TornadoMath.exp(max - higher);
            total = total * correction;
            for (int k = 0; k < GROUP; k++) {
                total += shared[k];
            }
            int tile = count - begin < GROUP ? count - begin : GROUP;
            for (int d = item; d < valueDim; d += GROUP) {
                float sum = sums[d / GROUP] * correction;
                for (int k = 0; k < tile; k++) {
                    float weight = shared[k];
                    // What lies in an empty slot may be no number.
                    if (weight > 0f) {
                        sum += weight * floats.get(values + (begin + k) * valueStep + d);
                    }
                }
                sums[d / GROUP] = sum;
            }
            max = higher;
            context.localBarrier();
        }
        float share = 1f;
        if (ints.get(row + HAS_LOGITS) == 1) {
            float logit =
                    floats.get(Operands.begin(cursor, ints, row + LOGITS) + h * Operands.stride(ints, row + LOGITS, 0));
            float higher = logit > max ? logit : max;
            share = TornadoMath.exp(max - higher);
            total = total * share + TornadoMath.exp(logit - higher);
        }
        int result = Operands.begin(cursor, ints, row + RESULT)
                + b * Operands.stride(ints, row + RESULT, 0)
                + i * Operands.stride(ints, row + RESULT, 1)
                + h * Operands.stride(ints, row + RESULT, 2);
        for (int d = item; d < valueDim; d += GROUP) {
            floats.set(result + d, total == 0f ? 0f : sums[d / GROUP] * share / total);
        }
    }

    /** The position that a slot holds once so many tokens were seen, or −1: see {@code KvRing}. */
    private static int positionOf(IntArray ints, int row, int slot, int slots, int seen) {
        int sinks = ints.get(row + RING_SINKS);
        int position;
        if (slot < sinks) {
            position = slot < seen ? slot : -1;
        } else {
            int ring = slots - sinks;
            int newest = seen - 1 - sinks;
            int behind = newest - (slot - sinks);
            int back = behind - Numbers.floorDiv(behind, ring) * ring;
            int r = newest - back;
            position = r < 0 ? -1 : r + sinks;
        }
        return position;
    }

    /** 1 if the token at {@code where} is visible to that at {@code at}. */
    private static int isVisible(IntArray ints, int row, int where, int at) {
        int window = ints.get(row + WINDOW);
        int chunk = ints.get(row + CHUNK);
        int visible = 1;
        if (where < 0) {
            visible = 0;
        }
        if (where > at) {
            visible = 0;
        }
        if (window > 0) {
            if (at - where >= window) {
                if (where >= ints.get(row + SINK_TOKENS)) {
                    visible = 0;
                }
            }
        }
        if (chunk > 0) {
            if (where / chunk != at / chunk) {
                visible = 0;
            }
        }
        return visible;
    }
}
