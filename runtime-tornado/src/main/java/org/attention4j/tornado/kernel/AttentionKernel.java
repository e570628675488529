package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Causal attention of few queries to a long cache that holds their tokens already: softmax online (Milakov and Gimelshein 2018),
 * tile by tile of the cache, which several work-groups may share (Dao et al. 2023, "Flash-Decoding"). All query heads that share
 * a KV head are computed together, so its cache is read once.
 */
public final class AttentionKernel {
    /** Work-items of a group. */
    public static final int GROUP = 64;
    /** Rows of a group. */
    public static final int ROWS = 8;
    /** Slots of a tile. */
    public static final int TILE = 256;
    /** The most entries of a value. */
    public static final int MOST_ENTRIES = 512;

    /** From a row's weights to the next row's, apart from each other by other than a power of two. */
    private static final int STRIDE = TILE + 8;

    private static final int WIDTH = AttentionRow.WIDTH;
    private static final int LANES = GROUP / ROWS;
    private static final int SEGMENT = TILE / LANES;

    private AttentionKernel() {}

    /** A work-group for each part of the slots, of {@link #ROWS} rows, of a KV head of a sequence. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        float[] weights = context.allocateFloatLocalArray(ROWS * STRIDE);
        float[] shared = context.allocateFloatLocalArray(GROUP);
        float[] corrections = context.allocateFloatLocalArray(ROWS);
        int[] queries = context.allocateIntLocalArray(ROWS);
        int[] ats = context.allocateIntLocalArray(ROWS);
        float[] slopes = context.allocateFloatLocalArray(ROWS);
        int row = cursor.get(Rows.ROW);
        int item = context.localIdx;
        int parts = ints.get(row + AttentionRow.PARTS);
        int tiles = ints.get(row + AttentionRow.ROW_TILES);
        int sharing = ints.get(row + AttentionRow.SHARE);
        int kvHeads = ints.get(row + AttentionRow.HEADS) / sharing;
        int part = context.groupIdx % parts;
        int firstRow = context.groupIdx / parts % tiles * ROWS;
        int kv = context.groupIdx / parts / tiles % kvHeads;
        int b = context.groupIdx / parts / tiles / kvHeads;
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
        if (item < rows) {
            int i = (firstRow + item) / sharing;
            int h = kv * sharing + (firstRow + item) % sharing;
            queries[item] = AttentionRow.vector(cursor, ints, row + AttentionRow.QUERY, b, i, h);
            ats[item] = position + i;
            slopes[item] = AttentionRow.slope(cursor, ints, floats, row, h);
        }
        // Scores are computed by one item for each slot, weights by some for each row, sums by one for some entries of
        // a row;
        // where there are fewer sums than items, they share the slots.
        int sumRow = item / LANES;
        int blocks = (valueDim + WIDTH - 1) / WIDTH;
        int units = rows * blocks;
        int slices = GROUP / units;
        slices = slices < 1 ? 1 : slices;
        int rounds = (units + GROUP - 1) / GROUP;
        int slice = slices > 1 ? item / units : 0;
        int firstUnit = slices > 1 ? item % units : item;
        float[] sums = new float[MOST_ENTRIES / WIDTH * ROWS / GROUP * WIDTH];
        for (int k = 0; k < rounds * WIDTH; k++) {
            sums[k] = 0f;
        }
        float max = AttentionRow.LOWEST;
        float total = 0f;
        int firstSlot = AttentionRow.firstSlot(ints, row, position + firstRow / sharing, slots, seen);
        int end = AttentionRow.endSlot(position + (firstRow + rows - 1) / sharing, slots, seen);
        int begin = part * ints.get(row + AttentionRow.PART);
        int partEnd = begin + ints.get(row + AttentionRow.PART);
        end = end < partEnd ? end : partEnd;
        begin = AttentionRow.nextTile(ints, row, begin, TILE, firstSlot);
        context.localBarrier();
        while (begin < end) {
            int tile = end - begin < TILE ? end - begin : TILE;
            for (int k = item; k < tile; k += GROUP) {
                int where = AttentionRow.positionOf(ints, row, begin + k, slots, seen);
                for (int r = 0; r < rows; r++) {
                    float product = AttentionRow.dot(floats, queries[r], keys + (begin + k) * keyStep, keyDim);
                    weights[r * STRIDE + k] =
                            AttentionRow.score(ints, row, product, scale, cap, slopes[r], where, ats[r]);
                }
            }
            context.localBarrier();
            int from = sumRow * STRIDE + item % LANES * SEGMENT;
            int to = sumRow < rows ? sumRow * STRIDE + tile : 0;
            to = to < from + SEGMENT ? to : from + SEGMENT;
            float highest = AttentionRow.LOWEST;
            for (int k = from; k < to; k++) {
                highest = weights[k] > highest ? weights[k] : highest;
            }
            shared[item] = highest;
            context.localBarrier();
            float higher = max;
            for (int k = 0; k < LANES; k++) {
                float other = shared[sumRow * LANES + k];
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
            corrections[sumRow] = correction;
            context.localBarrier();
            for (int round = 0; round < rounds; round++) {
                int unit = firstUnit + round * GROUP;
                int r = unit / blocks;
                int entry = unit % blocks * WIDTH;
                int at = values + begin * valueStep + entry;
                int last = unit < units ? tile : 0;
                last = slice < slices ? last : 0;
                float factor = last > 0 ? corrections[r] : 1f;
                if (entry + WIDTH <= valueDim) {
                    float[] sum = new float[WIDTH];
                    for (int j = 0; j < WIDTH; j++) {
                        sum[j] = sums[round * WIDTH + j] * factor;
                    }
                    for (int k = slice; k < last; k += slices) {
                        float weight = weights[r * STRIDE + k];
                        int v = at + k * valueStep;
                        // Else a value that is not a number, in a slot that the row doesn't see, would spoil the sum.
                        if (weight > 0f) {
                            for (int j = 0; j < WIDTH; j++) {
                                sum[j] += weight * floats.get(v + j);
                            }
                        }
                    }
                    for (int j = 0; j < WIDTH; j++) {
                        sums[round * WIDTH + j] = sum[j];
                    }
                } else {
                    for (int j = 0; j < valueDim - entry; j++) {
                        float sum = sums[round * WIDTH + j] * factor;
                        for (int k = slice; k < last; k += slices) {
                            float weight = weights[r * STRIDE + k];
                            if (weight > 0f) {
                                sum += weight * floats.get(at + k * valueStep + j);
                            }
                        }
                        sums[round * WIDTH + j] = sum;
                    }
                }
            }
            begin = AttentionRow.nextTile(ints, row, begin + TILE, TILE, firstSlot);
            context.localBarrier();
        }
        shared[item] = total;
        corrections[sumRow] = max;
        if (slices > 1) {
            for (int j = 0; j < WIDTH; j++) {
                weights[item * WIDTH + j] = sums[j];
            }
        }
        context.localBarrier();
        for (int round = 0; round < rounds; round++) {
            int unit = firstUnit + round * GROUP;
            if (slice == 0 && unit < units) {
                int r = unit / blocks;
                int i = (firstRow + r) / sharing;
                int h = kv * sharing + (firstRow + r) % sharing;
                float all = 0f;
                for (int k = 0; k < LANES; k++) {
                    all += shared[r * LANES + k];
                }
                int to = AttentionRow.vector(cursor, ints, row + AttentionRow.RESULT, b, i, h);
                float share = AttentionRow.share(cursor, ints, floats, row, h, corrections[r], all);
                if (parts > 1) {
                    to = AttentionRow.partial(cursor, ints, row, b, i, h, part);
                    share = 1f;
                    floats.set(to + valueDim, corrections[r]);
                    floats.set(to + valueDim + 1, all);
                }
                int entry = unit % blocks * WIDTH;
                int count = valueDim - entry < WIDTH ? valueDim - entry : WIDTH;
                for (int j = 0; j < count; j++) {
                    float sum = sums[round * WIDTH + j];
                    for (int s = 1; s < slices; s++) {
                        sum += weights[(s * units + unit) * WIDTH + j];
                    }
                    floats.set(to + entry + j, sum * share);
                }
            }
        }
    }
}
