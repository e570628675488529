package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The numbers that tell the kernels of attention what to do, and what these have in common: inlined into them. Queries of the
 * heads that share a KV head are rows of one matrix: row r is query r / share of head r % share.
 */
public final class AttentionRow {
    // In the row: sizes.
    public static final int BATCH = 0;
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
    /** Work-groups that share the rows of a KV head. */
    public static final int ROW_TILES = 14;
    /** Work-groups that share the slots of a cache. */
    public static final int PARTS = 15;
    /** Slots of a part. */
    public static final int PART = 16;

    // In the row: operands.
    public static final int QUERY = 17;
    public static final int KEYS = QUERY + Rows.OPERAND;
    public static final int VALUES = KEYS + Rows.OPERAND;
    public static final int POSITION = VALUES + Rows.OPERAND;
    public static final int LENGTH = POSITION + Rows.OPERAND;
    public static final int SLOPES = LENGTH + Rows.OPERAND;
    public static final int LOGITS = SLOPES + Rows.OPERAND;
    public static final int SCALE = LOGITS + Rows.OPERAND;
    public static final int CAP = SCALE + Rows.OPERAND;
    public static final int RESULT = CAP + Rows.OPERAND;
    /** Of several parts: {@code [sequence, query, head, part, entry]}; after a value's entries their maximum and total. */
    public static final int PARTIAL = RESULT + Rows.OPERAND;

    /** Entries of a key or a value that a work-item takes at once: as many sums don't wait for each other. */
    public static final int WIDTH = 8;

    /** A score below all others. */
    static final float LOWEST = -1e30f;

    private AttentionRow() {}

    /** Where a sequence's matrix of a KV head begins in a cache. */
    static int cache(IntArray cursor, IntArray ints, int at, int b, int kv) {
        return Operands.begin(cursor, ints, at) + b * Operands.stride(ints, at, 0) + kv * Operands.stride(ints, at, 1);
    }

    /** A number of each sequence. */
    static int perSequence(IntArray cursor, IntArray ints, int at, int b) {
        return ints.get(Operands.begin(cursor, ints, at) + b * Operands.stride(ints, at, 0));
    }

    /** Where a query or a result of a head begins. */
    static int vector(IntArray cursor, IntArray ints, int at, int b, int i, int h) {
        return Operands.begin(cursor, ints, at)
                + b * Operands.stride(ints, at, 0)
                + i * Operands.stride(ints, at, 1)
                + h * Operands.stride(ints, at, 2);
    }

    /** Where a part's sums of a head begin. */
    static int partial(IntArray cursor, IntArray ints, int row, int b, int i, int h, int part) {
        int query = (b * ints.get(row + SEQ) + i) * ints.get(row + HEADS) + h;
        return Operands.begin(cursor, ints, row + PARTIAL)
                + (query * ints.get(row + PARTS) + part) * (ints.get(row + VALUE_DIM) + 2);
    }

    /** A head's slope, or 0. */
    static float slope(IntArray cursor, IntArray ints, FloatArray floats, int row, int h) {
        float slope = 0f;
        if (ints.get(row + HAS_SLOPES) == 1) {
            slope = floats.get(Operands.begin(cursor, ints, row + SLOPES) + h * Operands.stride(ints, row + SLOPES, 0));
        }
        return slope;
    }

    /** The position that a slot holds once so many tokens were seen, or −1: see {@code KvRing}. */
    static int positionOf(IntArray ints, int row, int slot, int slots, int seen) {
        int sinks = ints.get(row + RING_SINKS);
        int position = slot;
        if (slot >= seen) {
            position = -1;
        }
        if (seen > slots) {
            if (slot >= sinks) {
                // The ring is full, so the newest token is as far behind as there are steps back to the slot.
                int newest = seen - 1 - sinks;
                position = newest - (newest - (slot - sinks)) % (slots - sinks) + sinks;
            }
        }
        return position;
    }

    /** The score of a token at {@code where} for one at {@code at}, of the product of its key with the query. */
    static float score(IntArray ints, int row, float product, float scale, float cap, float slope, int where, int at) {
        float score = product * scale;
        if (ints.get(row + HAS_CAP) == 1) {
            score = TornadoMath.tanh(score / cap) * cap;
        }
        score = score + slope * (where - at);
        return isVisible(ints, row, where, at) == 1 ? score : LOWEST;
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

    /** The first slot, but for sinks, that a token at {@code first} or later can see. */
    static int firstSlot(IntArray ints, int row, int first, int slots, int seen) {
        int window = ints.get(row + WINDOW);
        int chunk = ints.get(row + CHUNK);
        int slot = 0;
        // Once a ring goes round, slots are in no order.
        if (seen <= slots) {
            if (chunk > 0) {
                slot = first / chunk * chunk;
            }
            if (window > 0) {
                int from = first - window + 1;
                slot = from > slot ? from : slot;
            }
        }
        return slot;
    }

    /** The end of the slots that a token at {@code last} or earlier can see. */
    static int endSlot(int last, int slots, int seen) {
        int end = last + 1 < seen ? last + 1 : seen;
        return seen > slots ? slots : end;
    }

    /** The begin of the next tile from {@code begin} on that is not wholly invisible. */
    static int nextTile(IntArray ints, int row, int begin, int tile, int firstSlot) {
        int next = begin;
        if (begin >= ints.get(row + SINK_TOKENS)) {
            if (begin + tile <= firstSlot) {
                next = firstSlot / tile * tile;
            }
        }
        return next;
    }

    /** What the sums of a head are to be multiplied with, after a sink's logit was added to their total. */
    static float share(IntArray cursor, IntArray ints, FloatArray floats, int row, int h, float max, float total) {
        float all = total;
        float share = 1f;
        if (ints.get(row + HAS_LOGITS) == 1) {
            float logit =
                    floats.get(Operands.begin(cursor, ints, row + LOGITS) + h * Operands.stride(ints, row + LOGITS, 0));
            float higher = logit > max ? logit : max;
            share = TornadoMath.exp(max - higher);
            all = total * share + TornadoMath.exp(logit - higher);
        }
        return all == 0f ? 0f : share / all;
    }

    /** The product of a query with a key. */
    static float dot(FloatArray floats, int query, int key, int size) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        float s4 = 0f;
        float s5 = 0f;
        float s6 = 0f;
        float s7 = 0f;
        int whole = size / WIDTH * WIDTH;
        for (int d = 0; d < whole; d += WIDTH) {
            s0 += floats.get(query + d) * floats.get(key + d);
            s1 += floats.get(query + d + 1) * floats.get(key + d + 1);
            s2 += floats.get(query + d + 2) * floats.get(key + d + 2);
            s3 += floats.get(query + d + 3) * floats.get(key + d + 3);
            s4 += floats.get(query + d + 4) * floats.get(key + d + 4);
            s5 += floats.get(query + d + 5) * floats.get(key + d + 5);
            s6 += floats.get(query + d + 6) * floats.get(key + d + 6);
            s7 += floats.get(query + d + 7) * floats.get(key + d + 7);
        }
        float sum = s0 + s4 + (s1 + s5) + (s2 + s6 + (s3 + s7));
        for (int d = whole; d < size; d++) {
            sum += floats.get(query + d) * floats.get(key + d);
        }
        return sum;
    }
}
