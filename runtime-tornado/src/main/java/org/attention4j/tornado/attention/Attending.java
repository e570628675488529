package org.attention4j.tornado.attention;

import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.tornado.kernel.AttentionKernel;
import org.attention4j.tornado.kernel.AttentionMergeKernel;
import org.attention4j.tornado.kernel.AttentionTilesKernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;

/** The launches by which queries attend to caches that hold their tokens already. */
final class Attending {
    private static final Kernel FEW = Kernel.of("attention", AttentionKernel.GROUP, true, AttentionKernel::run);
    private static final Kernel MANY =
            Kernel.of("attentionTiles", AttentionTilesKernel.GROUP, true, AttentionTilesKernel::run);
    private static final Kernel MERGE = Kernel.of("attentionMerge", 64, false, AttentionMergeKernel::run);

    /** Above so many rows of a KV head, tiles take less time. */
    private static final int FEW_ROWS = 16;
    /** Up to so many slots, a launch that puts parts together would cost more than they gain. */
    private static final int SLOTS_OF_ONE_PART = 1024;

    /** With so many work-groups the cores of a CPU are busy: parts would gain nothing. */
    private static final int ENOUGH_FOR_A_PROCESSOR = 8;

    private static final int MOST_PARTS = 64;

    private final Lowerer l;
    private final Composite composite;
    private final CachedAttention op;
    private final AttentionSpec spec;
    private final int[] dims;
    private final int slots;

    Attending(Lowerer l, Composite composite) {
        this.l = l;
        this.composite = composite;
        this.op = (CachedAttention) composite.op();
        this.spec = op.spec();
        this.dims = l.dims(composite.outputs().getFirst());
        this.slots = l.dims(composite.input("past_key"))[2];
    }

    /** What the queries get: {@code [batch, seq, head, entry]}. */
    Expr.Load to(Expr.Load keys, Expr.Load values, Expr.Load position, Expr.Load lengths) {
        Expr.Load result = l.allocate(true, dims);
        int rows = dims[1] * spec.groupSize();
        if (dims[0] * rows == 0) {
            return result;
        }
        boolean few = dims[1] == 1 || rows <= FEW_ROWS;
        int rowTiles = Math.ceilDiv(rows, few ? AttentionKernel.ROWS : AttentionTilesKernel.ROWS);
        int wholes = dims[0] * spec.numKvHeads() * rowTiles;
        int part = few ? slotsOfPart(wholes) : slots;
        int parts = Math.ceilDiv(slots, part);
        int groups = wholes * parts;
        Expr.Load nothing = l.number(0);
        Expr.Load query = l.rows(composite.input("query"));
        Optional<Expr.Load> givenSlopes = composite.findInput("alibi_slopes").map(l::stored);
        Optional<Expr.Load> givenLogits = composite.findInput("sink_logits").map(l::stored);
        Expr.Load slopes = givenSlopes.orElse(nothing);
        Expr.Load logits = givenLogits.orElse(nothing);
        Expr.Load partial = parts == 1
                ? result
                : l.allocate(true, new int[] {dims[0] * dims[1] * dims[2] * parts, spec.valueDim() + 2});
        Row row = new Row()
                .add(dims[0], dims[1], spec.numHeads(), spec.groupSize(), spec.headDim(), spec.valueDim())
                .add(slots, op.retention().numSinks())
                .add(spec.window(), spec.sinkTokens(), spec.chunk())
                .add(givenSlopes.isPresent() ? 1 : 0, givenLogits.isPresent() ? 1 : 0, spec.softcap() > 0 ? 1 : 0)
                .add(rowTiles, parts, part)
                .add(query.access())
                .add(keys.access())
                .add(values.access())
                .add(position.access())
                .add(lengths.access())
                .add(slopes.access())
                .add(logits.access())
                .add(l.number((float) spec.scale()).access())
                .add(l.number((float) spec.softcap()).access())
                .add(result.access())
                .add(partial.access());
        l.emitter()
                .launch(
                        few ? FEW : MANY,
                        row,
                        groups * AttentionKernel.GROUP,
                        Buffers.of(query, keys, values, position, lengths, slopes, logits),
                        partial.buffer());
        if (parts > 1) {
            l.emitter()
                    .launch(
                            MERGE,
                            row,
                            MERGE.itemsFor((long) dims[0] * dims[1] * dims[2] * dims[3]),
                            Buffers.of(partial, logits),
                            result.buffer());
        }
        return result;
    }

    /**
     * So many tiles that the parts are not more than {@link #MOST_PARTS}.
     *
     * @param groups work-groups if there is one part
     */
    private int slotsOfPart(int groups) {
        boolean areEnough = l.emitter().isProcessor() && groups >= ENOUGH_FOR_A_PROCESSOR;
        return areEnough || slots <= SLOTS_OF_ONE_PART
                ? slots
                : Math.ceilDiv(slots, MOST_PARTS * AttentionKernel.TILE) * AttentionKernel.TILE;
    }
}
