package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Causal attention of many queries to a cache that holds their tokens already: tiles of rows and of slots, multiplied in blocks
 * of four rows and eight slots or entries for each work-item, with an online softmax between the two products (Dao 2023,
 * "FlashAttention-2"). Tiles that no row of the group can see are left out.
 */
public final class AttentionTilesKernel {
    /** Work-items of a group: eight blocks of rows times eight of slots. */
    public static final int GROUP = 64;
    /** Rows of a group. */
    public static final int ROWS = 32;

    private static final int TILE = 64;
    /** Entries of queries and keys that are in local memory at a time. */
    private static final int DEPTH = 32;

    private static final int HEIGHT = 4;
    private static final int WIDTH = AttentionRow.WIDTH;
    private static final int ACROSS = TILE / WIDTH;
    /** From a row's weights to the next row's, apart from each other by other than a power of two. */
    private static final int STRIDE = TILE + 1;

    private static final int BLOCK = HEIGHT * WIDTH;
    private static final int LANES = GROUP / ROWS;
    private static final int SEGMENT = TILE / LANES;

    private AttentionTilesKernel() {}

    /** A work-group for {@link #ROWS} rows of a KV head of a sequence. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] keyTile = context.allocateFloatLocalArray(DEPTH * TILE);
        float[] queryTile = context.allocateFloatLocalArray(DEPTH * ROWS);
        float[] weights = context.allocateFloatLocalArray(ROWS * STRIDE);
        float[] shared = context.allocateFloatLocalArray(GROUP);
        float[] corrections = context.allocateFloatLocalArray(ROWS);
        int[] wheres = context.allocateIntLocalArray(TILE);
        int row = cursor.get(Rows.ROW);
        int item = context.localIdx;
        int tiles = ints.get(row + AttentionRow.ROW_TILES);
        int sharing = ints.get(row + AttentionRow.SHARE);
        int kvHeads = ints.get(row + AttentionRow.HEADS) / sharing;
        int firstRow = context.groupIdx % tiles * ROWS;
        int kv = context.groupIdx / tiles % kvHeads;
        int b = context.groupIdx / tiles / kvHeads;
        int allRows = ints.get(row + AttentionRow.SEQ) * sharing;
        int rows = allRows - firstRow < ROWS ? allRows - firstRow : ROWS;
        int keyDim = ints.get(row + AttentionRow.KEY_DIM);
        int valueDim = ints.get(row + AttentionRow.VALUE_DIM);
        int slots = ints.get(row + AttentionRow.SLOTS);
        int keys = AttentionRow.cache(cursor, ints, row + AttentionRow.KEYS, b, kv);
        int keyStep = Operands.stride(ints, row + AttentionRow.KEYS, 2);
        int values = AttentionRow.cache(cursor, ints, row + AttentionRow.VALUES, b, kv);
        int valueStep = Operands.stride(ints, row + AttentionRow.VALUES, 2);
        int position = AttentionRow.perSequence(cursor, ints, row + AttentionRow.POSITION, b);
        int seen = position + AttentionRow.perSequence(cursor, ints, row + AttentionRow.LENGTH, b);
        float scale = floats.get(Operands.begin(cursor, ints, row + AttentionRow.SCALE));
        float cap = floats.get(Operands.begin(cursor, ints, row + AttentionRow.CAP));
        // The item's own row, whose weights it computes with another item; rows beyond the last are the last one again.
        int own = item % ROWS;
        int ownRow = firstRow + (own < rows ? own : rows - 1);
        int ownAt = position + ownRow / sharing;
        int ownHead = kv * sharing + ownRow % sharing;
        int ownQuery = AttentionRow.vector(cursor, ints, row + AttentionRow.QUERY, b, ownRow / sharing, ownHead);
        float slope = AttentionRow.slope(cursor, ints, floats, row, ownHead);
        // Its block of the products.
        int top = item / ACROSS * HEIGHT;
        int left = item % ACROSS * WIDTH;
        int blocks = (valueDim + WIDTH - 1) / WIDTH;
        int rounds = (blocks + ACROSS - 1) / ACROSS;
        float[] sums = new float[AttentionKernel.MOST_ENTRIES / WIDTH / ACROSS * BLOCK];
        for (int k = 0; k < rounds * BLOCK; k++) {
            sums[k] = 0f;
        }
        float max = AttentionRow.LOWEST;
        float total = 0f;
        int firstSlot = AttentionRow.firstSlot(ints, row, position + firstRow / sharing, slots, seen);
        int end = AttentionRow.endSlot(position + (firstRow + rows - 1) / sharing, slots, seen);
        int begin = AttentionRow.nextTile(ints, row, 0, TILE, firstSlot);
        while (begin < end) {
            int tile = end - begin < TILE ? end - begin : TILE;
            int slot = begin + (item < tile ? item : tile - 1);
            wheres[item] = item < tile ? AttentionRow.positionOf(ints, row, slot, slots, seen) : -1;
            for (int d = 0; d < keyDim; d += DEPTH) {
                int depth = keyDim - d < DEPTH ? keyDim - d : DEPTH;
                int key = keys + slot * keyStep + d;
                for (int k = 0; k < depth; k++) {
                    keyTile[k * TILE + item] = floats.get(key + k);
                }
                for (int k = item / ROWS; k < depth; k += LANES) {
                    queryTile[k * ROWS + own] = floats.get(ownQuery + d + k);
                }
                context.localBarrier();
                float[] sum = new float[BLOCK];
                for (int j = 0; j < BLOCK; j++) {
                    sum[j] = 0f;
                }
                for (int k = 0; k < depth; k++) {
                    for (int i = 0; i < HEIGHT; i++) {
                        float query = queryTile[k * ROWS + top + i];
                        for (int j = 0; j < WIDTH; j++) {
                            sum[i * WIDTH + j] += query * keyTile[k * TILE + left + j];
                        }
                    }
                }
                for (int i = 0; i < HEIGHT; i++) {
                    for (int j = 0; j < WIDTH; j++) {
                        int at = (top + i) * STRIDE + left + j;
                        float before = d > 0 ? weights[at] : 0f;
                        weights[at] = before + sum[i * WIDTH + j];
                    }
                }
                context.localBarrier();
            }
            int from = own * STRIDE + item / ROWS * SEGMENT;
            // Not of constant length, or TornadoVM would write the loops out.
            int to = own * STRIDE + tile < from + SEGMENT ? own * STRIDE + tile : from + SEGMENT;
            float highest = AttentionRow.LOWEST;
            for (int k = from; k < to; k++) {
                int where = wheres[k - own * STRIDE];
                float score = AttentionRow.score(ints, row, weights[k], scale, cap, slope, where, ownAt);
                weights[k] = score;
                highest = score > highest ? score : highest;
            }
            shared[item] = highest;
            context.localBarrier();
            float higher = max;
            for (int k = 0; k < LANES; k++) {
                float other = shared[own + k * ROWS];
                higher = other > higher ? other : higher;
            }
            float base = higher > AttentionRow.LOWEST ? higher : 0f;
            for (int k = from; k < to; k++) {
                weights[k] = TornadoMath.exp(weights[k] - base);
            }
            float correction = TornadoMath.exp(max - higher);
            total = total * correction;
            for (int k = from; k < to; k++) {
                total += weights[k];
            }
            max = higher;
            corrections[own] = correction;
            context.localBarrier();
            for (int round = 0; round < rounds; round++) {
                int entry = round * TILE + left;
                int at = values + begin * valueStep + entry;
                if (entry + WIDTH <= valueDim) {
                    float[] sum = new float[BLOCK];
                    for (int i = 0; i < HEIGHT; i++) {
                        for (int j = 0; j < WIDTH; j++) {
                            sum[i * WIDTH + j] = sums[round * BLOCK + i * WIDTH + j] * corrections[top + i];
                        }
                    }
                    for (int k = 0; k < tile; k++) {
                        int v = at + k * valueStep;
                        for (int i = 0; i < HEIGHT; i++) {
                            float weight = weights[(top + i) * STRIDE + k];
                            // Else a value that is not a number, in a slot that the row doesn't see, would spoil the
                            // sum.
                            if (weight > 0f) {
                                for (int j = 0; j < WIDTH; j++) {
                                    sum[i * WIDTH + j] += weight * floats.get(v + j);
                                }
                            }
                        }
                    }
                    for (int j = 0; j < BLOCK; j++) {
                        sums[round * BLOCK + j] = sum[j];
                    }
                } else {
                    for (int i = 0; i < HEIGHT; i++) {
                        for (int j = 0; j < valueDim - entry; j++) {
                            float sum = sums[round * BLOCK + i * WIDTH + j] * corrections[top + i];
                            for (int k = 0; k < tile; k++) {
                                float weight = weights[(top + i) * STRIDE + k];
                                if (weight > 0f) {
                                    sum += weight * floats.get(at + k * valueStep + j);
                                }
                            }
                            sums[round * BLOCK + i * WIDTH + j] = sum;
                        }
                    }
                }
            }
            begin = AttentionRow.nextTile(ints, row, begin + TILE, TILE, firstSlot);
            context.localBarrier();
        }
        shared[item] = total;
        corrections[own] = max;
        context.localBarrier();
        for (int i = 0; i < HEIGHT; i++) {
            int r = top + i;
            if (r < rows) {
                int query = (firstRow + r) / sharing;
                int h = kv * sharing + (firstRow + r) % sharing;
                float all = 0f;
                for (int k = 0; k < LANES; k++) {
                    all += shared[r + k * ROWS];
                }
                float share = AttentionRow.share(cursor, ints, floats, row, h, corrections[r], all);
                int result = AttentionRow.vector(cursor, ints, row + AttentionRow.RESULT, b, query, h);
                for (int round = 0; round < rounds; round++) {
                    int entry = round * TILE + left;
                    int count = valueDim - entry < WIDTH ? valueDim - entry : WIDTH;
                    for (int j = 0; j < count; j++) {
                        floats.set(result + entry + j, sums[round * BLOCK + i * WIDTH + j] * share);
                    }
                }
            }
        }
    }
}
