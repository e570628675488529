package org.attention4j.x86;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.attention4j.x86.asm.ExecutableMemory;

/**
 * {@code y = x · Wᵀ} with block-quantised weights W by generated code. Activations are rounded to 8 bits in blocks of 32, as llama.cpp does:
 * results are within about 1 % of the largest one.
 */
public final class BlockProduct {
    /** Runs {@code function(task, i)} for all i below a count, on as many threads as there are. */
    @FunctionalInterface
    public interface Parallel {
        void run(MemorySegment function, MemorySegment task, long count);
    }

    /** For each thread: those that begin late, or run slowly, take fewer. */
    private static final long SHARES = 8;

    /** Activations of so many bytes stay in a processor's cache while panels go by. */
    private static final long TOKENS_BYTES = 1L << 20;

    private static final int[] WIDTHS = {1, 2, 4};
    private static final int ALIGNMENT = 64;
    private static final long TASK_BYTES = aligned(Task.bytes());
    private static final Map<Function, MemorySegment> CODE = new ConcurrentHashMap<>();

    private enum Step {
        ROUND,
        VECTORS,
        TILES
    }

    private record Function(Step step, BlockFormat format, int width) {
        byte[] code() {
            return switch (step) {
                case ROUND -> Activations.code(width, format.zero());
                case VECTORS -> VectorProduct.code(format, width);
                case TILES -> TileProduct.code(format);
            };
        }
    }

    private final PackedMatrix weights;
    private final int threads;
    private final boolean hasTiles;

    /**
     * For this machine's processor.
     *
     * @param threads that share the work
     */
    public BlockProduct(PackedMatrix weights, int threads) {
        this(weights, threads, Processor.current().hasTiles());
    }

    /** @param hasTiles whether many tokens are multiplied by tiles */
    BlockProduct(PackedMatrix weights, int threads, boolean hasTiles) {
        this.weights = weights;
        this.threads = threads;
        this.hasTiles = hasTiles;
    }

    /** Of the weights: entries of y for each token. */
    public long rows() {
        return weights.rows();
    }

    /** Of the weights: entries of x for each token. */
    public long columns() {
        return weights.columns();
    }

    /** The bytes that {@link #run} needs for as many tokens. */
    public long scratchBytes(long tokens) {
        return TASK_BYTES + activationBytes(tokens, width(tokens)) + SHARES * threads * ownBytes();
    }

    /**
     * Computes the product.
     *
     * @param x {@code F32[tokens, columns]}
     * @param y {@code F32[tokens, rows]}
     * @param scratch of {@link #scratchBytes} bytes, at a multiple of 64
     */
    public void run(MemorySegment x, MemorySegment y, long tokens, MemorySegment scratch, Parallel parallel) {
        int width = width(tokens);
        long groupBytes = Activations.groupBytes(weights.blocks(), width);
        long activations = scratch.address() + TASK_BYTES;
        describe(scratch, activations + activationBytes(tokens, width), groupBytes);
        Task.X.set(scratch, x.address());
        Task.ACTIVATIONS.set(scratch, activations);
        Task.TOKENS.set(scratch, tokens);
        share(scratch, new Function(Step.ROUND, weights.format(), width), Math.ceilDiv(tokens, width), parallel);
        Step step = width == TileProduct.WIDTH ? Step.TILES : Step.VECTORS;
        long most = Math.max(1, TOKENS_BYTES / groupBytes) * width;
        for (long first = 0; first < tokens; first += most) {
            Task.ACTIVATIONS.set(scratch, activations + first / width * groupBytes);
            Task.Y.set(scratch, y.address() + first * weights.rows() * Float.BYTES);
            Task.TOKENS.set(scratch, Math.min(most, tokens - first));
            share(scratch, new Function(step, weights.format(), width), weights.panels(), parallel);
        }
    }

    /** What doesn't depend on the tokens. */
    private void describe(MemorySegment task, long own, long groupBytes) {
        Task.QUANTS.set(task, weights.quants().address());
        Task.PANEL_BYTES.set(task, weights.panelBytes());
        Task.SCALES.set(task, weights.scales().address());
        Task.PANEL_SCALE_BYTES.set(task, weights.panelScaleBytes());
        Task.BLOCKS.set(task, weights.blocks());
        Task.GROUP_BYTES.set(task, groupBytes);
        Task.X_ROW_BYTES.set(task, weights.columns() * Float.BYTES);
        Task.PANELS.set(task, weights.panels());
        Task.Y_ROW_BYTES.set(task, weights.rows() * Float.BYTES);
        Task.LAST_MASK.set(task, 0xffff >> (weights.panels() * PackedMatrix.PANEL - weights.rows()));
        Task.OWN.set(task, own);
        Task.OWN_BYTES.set(task, ownBytes());
        Task.tiles(task);
    }

    private void share(MemorySegment task, Function function, long count, Parallel parallel) {
        long share = Math.ceilDiv(count, SHARES * threads);
        Task.SHARE.set(task, share);
        MemorySegment code = CODE.computeIfAbsent(function, f -> ExecutableMemory.put(f.code()));
        parallel.run(code, task, Math.ceilDiv(count, share));
    }

    private long ownBytes() {
        return hasTiles ? aligned(TileProduct.ownBytes(weights)) : 0;
    }

    private long activationBytes(long tokens, int width) {
        return aligned(Math.ceilDiv(tokens, width) * Activations.groupBytes(weights.blocks(), width));
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    /** How many tokens are multiplied together: the least that has room for all of them, or the most that there is. */
    private int width(long tokens) {
        for (int width : WIDTHS) {
            if (tokens <= width) {
                return width;
            }
        }
        return hasTiles && tokens > VectorProduct.WIDEST ? TileProduct.WIDTH : VectorProduct.WIDEST;
    }
}
