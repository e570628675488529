package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.tornado.kernel.Blocks;
import org.attention4j.tornado.kernel.GemmKernels;
import org.attention4j.tornado.kernel.LinearKernel;
import org.attention4j.tornado.machine.Kernel;

/** Products of many rows with a weight, by launches of their own: what is decoded of the weight serves many rows. */
final class Gemm {
    /** From so many rows on it is faster than row by row. */
    static final int FEWEST = 6;

    private static final Kernel PANELS = Kernel.of("panels", 64, false, GemmKernels::panels);
    private static final Kernel VECTORS = Kernel.onBytes("gemmVectors", 16, false, GemmKernels::vectors);
    private static final Kernel TILES = Kernel.together("gemmTiles", GemmKernels.TILE, GemmKernels::tiles);

    private Gemm() {}

    /**
     * The products.
     *
     * @param x rows in one piece
     * @param floats where the weight is if it is floats; else anything
     * @param dims of the result
     */
    static Expr.Load multiply(Lowerer l, Expr.Load x, Weight w, Expr.Load floats, int[] dims) {
        int rows = dims[dims.length - 1];
        int tokens = Math.toIntExact(Held.elements(dims) / rows);
        Emitter emitter = l.emitter();
        Expr.Load result = l.allocate(true, dims);
        boolean inPanels = emitter.isProcessor();
        Expr.Load from = inPanels ? emitter.panels(x, tokens, w.inner()) : x;
        Row row = new Row()
                .add(tokens, rows, w.inner(), w.type(), w.offset(), w.rowSize())
                .add(Blocks.RUN, GemmKernels.ROWS_AT_ONCE)
                .add(from.access().withStrides(w.inner(), 1))
                .add(result.access().withStrides(rows, 1))
                .add(floats.access());
        List<Buffer> reads = w.type() == LinearKernel.F32
                ? ImmutableList.of(from.buffer(), floats.buffer())
                : ImmutableList.of(from.buffer());
        long panels = Math.ceilDiv(tokens, GemmKernels.PANEL);
        long tiles = (long) Math.ceilDiv(tokens, GemmKernels.TILE) * Math.ceilDiv(rows, GemmKernels.TILE);
        emitter.launch(
                inPanels ? VECTORS : TILES,
                w.array(),
                row,
                inPanels
                        ? VECTORS.itemsFor(panels * Math.ceilDiv(rows, GemmKernels.ROWS_AT_ONCE))
                        : Math.toIntExact(tiles * GemmKernels.TILE),
                reads,
                result.buffer());
        return result;
    }

    /** x in panels. */
    static Expr.Load panels(Emitter emitter, Expr.Load x, int tokens, int inner) {
        int panels = Math.ceilDiv(tokens, GemmKernels.PANEL);
        int[] dims = {panels, inner, GemmKernels.PANEL};
        Buffer buffer = emitter.allocate(true, Held.elements(dims));
        Expr.Load to = new Expr.Load(buffer, Access.dense(buffer.base, buffer.offset, dims));
        Row row = new Row()
                .add(tokens, inner)
                .add(x.access().withStrides(inner, 1))
                .add(to.access());
        emitter.launch(PANELS, row, PANELS.itemsFor((long) panels * inner), ImmutableList.of(x.buffer()), buffer);
        return to;
    }
}
