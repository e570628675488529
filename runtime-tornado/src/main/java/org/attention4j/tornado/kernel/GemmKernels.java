package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.collections.VectorFloat16;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Products of many rows of x (tokens) with all rows of a weight as its type stores it, so that what is decoded of the weight
 * serves many tokens. The row: {@code [tokens, rows of the weight, inner, type, where the weight begins, from row to row, elements
 * that are decoded at a time, rows of {@link #vectors} at a time]}, and operands: x and the result, each {@code [token, entry]}, and of a weight of floats where it
 * begins. There are two forms: for processors, whose work-items run one after the other on wide registers; and for GPUs, whose
 * work-items share what they read.
 */
public final class GemmKernels {
    public static final int ROWS = 1;
    public static final int INNER = 2;
    public static final int TYPE = 3;
    public static final int WEIGHT = 4;
    public static final int ROW_SIZE = 5;
    /** Not constants in the code: TornadoVM would write the loops out. */
    public static final int RUN = 6;

    public static final int AT_ONCE = 7;
    public static final int X = 8;
    public static final int RESULT = X + Rows.OPERAND;
    public static final int FLOATS = RESULT + Rows.OPERAND;

    /** Tokens of a panel: see {@link #panels}. */
    public static final int PANEL = 32;
    /** Rows of the weight that a work-item of {@link #vectors} has. */
    public static final int ROWS_AT_ONCE = 4;
    /** Rows and tokens of a tile of {@link #tiles}, and its work-items. */
    public static final int TILE = 64;

    /** Floats of a vector. */
    private static final int LANES = 16;
    /** Rows, and tokens, of a tile that one work-item has. */
    private static final int PART = 8;

    private GemmKernels() {}

    /**
     * x as panels of 32 tokens, {@code [panel, entry, token]}: what {@link #vectors} reads. The row is {@code [tokens, inner]} and
     * the operands x {@code [token, entry]} and the panels; tokens that a panel lacks get any values. One work-item for each
     * entry of each panel.
     */
    public static void panels(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        int row = cursor.get(Rows.ROW);
        int tokens = ints.get(row);
        int inner = ints.get(row + 1);
        int x = Operands.begin(cursor, ints, row + 2);
        int step = Operands.stride(ints, row + 2, 0);
        int y = Operands.begin(cursor, ints, row + 2 + Rows.OPERAND);
        int count = (tokens + PANEL - 1) / PANEL * inner;
        for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
            int panel = e / inner;
            int k = e % inner;
            int left = tokens - panel * PANEL;
            int end = left < PANEL ? left : PANEL;
            int from = x + panel * PANEL * step + k;
            int to = y + e * PANEL;
            for (int t = 0; t < end; t++) {
                floats.set(to + t, floats.get(from + t * step));
            }
        }
    }

    /** Four rows of the weight with a panel of x for each work-item; x is in panels. */
    public static void vectors(
            KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        int row = cursor.get(Rows.ROW);
        int tokens = ints.get(row);
        int rows = ints.get(row + ROWS);
        int inner = ints.get(row + INNER);
        int type = ints.get(row + TYPE);
        int rowSize = ints.get(row + ROW_SIZE);
        int run = ints.get(row + RUN);
        int atOnce = ints.get(row + AT_ONCE);
        int begin = ints.get(row + WEIGHT);
        if (type == LinearKernel.F32) {
            begin = Operands.begin(cursor, ints, row + FLOATS);
        }
        VectorFloat16 panels = new VectorFloat16(floats);
        int x = Operands.begin(cursor, ints, row + X) / LANES;
        int y = Operands.begin(cursor, ints, row + RESULT);
        int step = Operands.stride(ints, row + RESULT, 0);
        int quads = (rows + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
        int count = (tokens + PANEL - 1) / PANEL * quads;
        float[] w = new float[ROWS_AT_ONCE * Blocks.RUN];
        for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
            int panel = e / quads;
            int first = e % quads * ROWS_AT_ONCE;
            Float16 a0 = all(0f);
            Float16 a1 = all(0f);
            Float16 b0 = all(0f);
            Float16 b1 = all(0f);
            Float16 c0 = all(0f);
            Float16 c1 = all(0f);
            Float16 d0 = all(0f);
            Float16 d1 = all(0f);
            int at = x + panel * inner * (PANEL / LANES);
            for (int k = 0; k < inner; k += run) {
                int length = inner - k < run ? inner - k : run;
                for (int r = 0; r < atOnce; r++) {
                    // The last rows are taken twice where there are fewer than four.
                    int of = first + r < rows ? first + r : rows - 1;
                    if (type <= LinearKernel.BF16) {
                        Blocks.plain(bytes, floats, type, begin + of * rowSize, k, length, w, r * Blocks.RUN);
                    } else {
                        Blocks.decode(bytes, type, begin + of * rowSize, k, length, w, r * Blocks.RUN);
                    }
                }
                for (int j = 0; j < length; j++) {
                    Float16 x0 = panels.get(at + 2 * (k + j));
                    Float16 x1 = panels.get(at + 2 * (k + j) + 1);
                    Float16 wa = all(w[j]);
                    Float16 wb = all(w[Blocks.RUN + j]);
                    Float16 wc = all(w[2 * Blocks.RUN + j]);
                    Float16 wd = all(w[3 * Blocks.RUN + j]);
                    a0 = Float16.add(a0, Float16.mult(x0, wa));
                    a1 = Float16.add(a1, Float16.mult(x1, wa));
                    b0 = Float16.add(b0, Float16.mult(x0, wb));
                    b1 = Float16.add(b1, Float16.mult(x1, wb));
                    c0 = Float16.add(c0, Float16.mult(x0, wc));
                    c1 = Float16.add(c1, Float16.mult(x1, wc));
                    d0 = Float16.add(d0, Float16.mult(x0, wd));
                    d1 = Float16.add(d1, Float16.mult(x1, wd));
                }
            }
            int left = tokens - panel * PANEL;
            int to = y + panel * PANEL * step + first;
            store(floats, a0, to, step, left);
            store(floats, a1, to + LANES * step, step, left - LANES);
            if (first + 1 < rows) {
                store(floats, b0, to + 1, step, left);
                store(floats, b1, to + 1 + LANES * step, step, left - LANES);
            }
            if (first + 2 < rows) {
                store(floats, c0, to + 2, step, left);
                store(floats, c1, to + 2 + LANES * step, step, left - LANES);
            }
            if (first + 3 < rows) {
                store(floats, d0, to + 3, step, left);
                store(floats, d1, to + 3 + LANES * step, step, left - LANES);
            }
        }
    }

    private static Float16 all(float f) {
        return new Float16(f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f);
    }

    /** Stores the first {@code count} floats of a vector, {@code step} apart. */
    private static void store(FloatArray floats, Float16 v, int to, int step, int count) {
        for (int i = 0; i < LANES; i++) {
            if (i < count) {
                floats.set(to + i * step, v.get(i));
            }
        }
    }

    /**
     * A work-group for each tile of 64 rows of the weight and 64 tokens: its work-items decode a run of one row and copy one of a
     * token to shared memory, then each adds up 8 × 8 products.
     */
    public static void tiles(
            KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        float[] ws = context.allocateFloatLocalArray(Blocks.RUN * TILE);
        float[] xs = context.allocateFloatLocalArray(Blocks.RUN * TILE);
        int row = cursor.get(Rows.ROW);
        int tokens = ints.get(row);
        int rows = ints.get(row + ROWS);
        int inner = ints.get(row + INNER);
        int type = ints.get(row + TYPE);
        int rowSize = ints.get(row + ROW_SIZE);
        int run = ints.get(row + RUN);
        int begin = ints.get(row + WEIGHT);
        if (type == LinearKernel.F32) {
            begin = Operands.begin(cursor, ints, row + FLOATS);
        }
        int x = Operands.begin(cursor, ints, row + X);
        int xStep = Operands.stride(ints, row + X, 0);
        int y = Operands.begin(cursor, ints, row + RESULT);
        int yStep = Operands.stride(ints, row + RESULT, 0);
        int across = (rows + TILE - 1) / TILE;
        int firstRow = context.groupIdx % across * TILE;
        int firstToken = context.groupIdx / across * TILE;
        int item = context.localIdx;
        int myRow = firstRow + item < rows ? firstRow + item : rows - 1;
        int myToken = firstToken + item < tokens ? firstToken + item : tokens - 1;
        int r = item % PART * PART;
        int t = item / PART * PART;
        float[] w = new float[Blocks.RUN];
        float[] sums = new float[PART * PART];
        for (int i = 0; i < PART * PART; i++) {
            sums[i] = 0f;
        }
        for (int k = 0; k < inner; k += run) {
            int length = inner - k < run ? inner - k : run;
            if (type <= LinearKernel.BF16) {
                Blocks.plain(bytes, floats, type, begin + myRow * rowSize, k, length, w, 0);
            } else {
                Blocks.decode(bytes, type, begin + myRow * rowSize, k, length, w, 0);
            }
            for (int j = 0; j < length; j++) {
                ws[j * TILE + item] = w[j];
                xs[j * TILE + item] = floats.get(x + myToken * xStep + k + j);
            }
            context.localBarrier();
            if (firstToken + t < tokens) {
                for (int j = 0; j < length; j++) {
                    for (int m = 0; m < PART; m++) {
                        float a = xs[j * TILE + t + m];
                        for (int n = 0; n < PART; n++) {
                            sums[m * PART + n] += a * ws[j * TILE + r + n];
                        }
                    }
                }
            }
            context.localBarrier();
        }
        for (int m = 0; m < PART; m++) {
            if (firstToken + t + m < tokens) {
                for (int n = 0; n < PART; n++) {
                    if (firstRow + r + n < rows) {
                        floats.set(y + (firstToken + t + m) * yStep + firstRow + r + n, sums[m * PART + n]);
                    }
                }
            }
        }
    }
}
