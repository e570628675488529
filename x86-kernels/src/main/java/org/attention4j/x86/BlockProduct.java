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
    private static final int SHARES = 8;

    private record Kernel(String name, BlockFormat format, int width) {}

    private static final Map<Kernel, MemorySegment> CODE = new ConcurrentHashMap<>();
    private static final int WIDEST = 8;
    /** Activations of so many bytes stay in a processor's cache while panels go by. */
    private static final long TOKENS_BYTES = 1L << 20;

    private final PackedMatrix weights;
    private final int threads;

    /** @param threads that share the work */
    public BlockProduct(PackedMatrix weights, int threads) {
        this.weights = weights;
        this.threads = threads;
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
        int width = width(tokens);
        return firstBytes()
                + Math.ceilDiv(tokens, width) * Activations.groupBytes(weights.blocks(), width);
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
        long columns = weights.columns();
        long groupBytes = Activations.groupBytes(weights.blocks(), width);
        MemorySegment activations = scratch.asSlice(firstBytes());
        Task.QUANTS.set(scratch, weights.quants().address());
        Task.PANEL_BYTES.set(scratch, weights.panelBytes());
        Task.SCALES.set(scratch, weights.scales().address());
        Task.PANEL_SCALE_BYTES.set(scratch, weights.panelScaleBytes());
        Task.BLOCKS.set(scratch, weights.blocks());
        Task.ACTIVATIONS.set(scratch, activations.address());
        Task.GROUP_BYTES.set(scratch, groupBytes);
        Task.X.set(scratch, x.address());
        Task.X_ROW_BYTES.set(scratch, columns * Float.BYTES);
        Task.TOKENS.set(scratch, tokens);
        share(scratch, "round", tokens, width, parallel);
        Task.PANELS.set(scratch, weights.panels());
        Task.Y_ROW_BYTES.set(scratch, weights.rows() * Float.BYTES);
        Task.LAST_MASK.set(scratch, 0xffff >> (weights.panels() * PackedMatrix.PANEL - weights.rows()));
        Task.constants(scratch, weights.format() == BlockFormat.Q8_0 ? 0x80808080 : 0x0f0f0f0f, 0);
        long step = Math.max(1, TOKENS_BYTES / groupBytes) * width;
        for (long first = 0; first < tokens; first += step) {
            Task.ACTIVATIONS.set(scratch, activations.address() + first / width * groupBytes);
            Task.Y.set(scratch, y.address() + first * weights.rows() * Float.BYTES);
            Task.TOKENS.set(scratch, Math.min(step, tokens - first));
            share(scratch, "vectors", weights.panels(), width, parallel);
        }
    }

    /** Of the task, which what follows is aligned behind. */
    private static long firstBytes() {
        return Math.ceilDiv(Task.bytes(), 64L) * 64;
    }

    private void share(MemorySegment task, String name, long count, int width, Parallel parallel) {
        long share = Math.ceilDiv(count, count == 1 ? 1 : (long) SHARES * threads);
        Task.SHARE.set(task, share);
        MemorySegment code = CODE.computeIfAbsent(new Kernel(name, weights.format(), width), BlockProduct::generate);
        parallel.run(code, task, Math.ceilDiv(count, share));
    }

    private static MemorySegment generate(Kernel k) {
        return ExecutableMemory.put(
                k.name.equals("round")
                        ? Activations.code(k.width, k.format.zero())
                        : VectorProduct.code(k.format, k.width));
    }

    private static int width(long tokens) {
        return tokens >= WIDEST ? WIDEST : (int) Math.min(WIDEST, Long.highestOneBit(Math.max(1, 2 * tokens - 1)));
    }
}
