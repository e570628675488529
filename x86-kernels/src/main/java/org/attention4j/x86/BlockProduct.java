package org.attention4j.x86;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.attention4j.x86.asm.MappedMemory;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x · Wᵀ} with block-quantised weights W by generated code. Activations are rounded to 8 bits in blocks of 32, as llama.cpp does:
 * results are within about 1 % of the largest one.
 */
public final class BlockProduct implements Product {
    /** For each thread: those that begin late, or run slowly, take fewer. */
    private static final long SHARES = 8;

    /** Activations of so many bytes stay in a processor's cache while panels go by. */
    private static final long TOKENS_BYTES = 1L << 20;

    private static final int[] WIDTHS = {1, 2, 4};
    private static final int ALIGNMENT = 64;
    private static final long TASK_BYTES = aligned(Task.bytes());
    private static final Map<Function, Long> CODE = new ConcurrentHashMap<>();

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

    /** Addresses of code. */
    private record Functions(long round, long multiply) {}

    private final PackedMatrix weights;
    private final int threads;
    private final boolean hasTiles;
    private final MemorySegment description;
    private final @Nullable Functions[] functions = new Functions[TileProduct.WIDTH + 1];

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
        this.description = description();
    }

    @Override
    public long rows() {
        return weights.rows();
    }

    @Override
    public long columns() {
        return weights.columns();
    }

    @Override
    public long scratchBytes(long tokens) {
        return TASK_BYTES + activationBytes(tokens, width(tokens)) + SHARES * threads * ownBytes();
    }

    @Override
    public void run(long x, long y, long tokens, MemorySegment scratch, Parallel parallel) {
        int width = width(tokens);
        long groupBytes = Activations.groupBytes(weights.blocks(), width);
        long activations = scratch.address() + TASK_BYTES;
        Functions functions = functions(width);
        MemorySegment.copy(description, 0, scratch, 0, TASK_BYTES);
        Task.GROUP_BYTES.set(scratch, groupBytes);
        Task.OWN.set(scratch, activations + activationBytes(tokens, width));
        Task.X.set(scratch, x);
        Task.ACTIVATIONS.set(scratch, activations);
        Task.TOKENS.set(scratch, tokens);
        share(scratch, functions.round, Math.ceilDiv(tokens, width), parallel);
        long most = Math.max(1, TOKENS_BYTES / groupBytes) * width;
        for (long first = 0; first < tokens; first += most) {
            Task.ACTIVATIONS.set(scratch, activations + first / width * groupBytes);
            Task.Y.set(scratch, y + first * weights.rows() * Float.BYTES);
            Task.TOKENS.set(scratch, Math.min(most, tokens - first));
            share(scratch, functions.multiply, weights.panels(), parallel);
        }
    }

    @Override
    public OneRow oneRow() {
        MemorySegment task = Field.task(TASK_BYTES).copyFrom(description);
        Task.GROUP_BYTES.set(task, Activations.groupBytes(weights.blocks(), 1));
        Task.TOKENS.set(task, 1);
        Functions one = functions(1);
        return new OneRow(
                task,
                ImmutableIntArray.of(Task.X.offset()),
                ImmutableIntArray.of(Task.Y.offset()),
                new OneRow.Own(Task.ACTIVATIONS.offset(), activationBytes(1, 1)),
                Task.SHARE.offset(),
                List.of(
                        OneRow.Launch.of(one.round, 1, 1),
                        OneRow.Launch.of(one.multiply, weights.panels(), SHARES * threads)));
    }

    /** What doesn't depend on the tokens. */
    private MemorySegment description() {
        MemorySegment task = Arena.ofAuto().allocate(TASK_BYTES, ALIGNMENT);
        Task.weights(task, weights.rows(), weights.columns(), weights.quants().address(), weights.panelBytes());
        Task.SCALES.set(task, weights.scales().address());
        Task.PANEL_SCALE_BYTES.set(task, weights.panelScaleBytes());
        Task.BLOCKS.set(task, weights.blocks());
        Task.OWN_BYTES.set(task, ownBytes());
        Task.tiles(task);
        return task;
    }

    private void share(MemorySegment task, long code, long count, Parallel parallel) {
        OneRow.Launch launch = OneRow.Launch.of(code, count, SHARES * threads);
        Task.SHARE.set(task, launch.share());
        parallel.run(code, task.address(), launch.count());
    }

    /** The two functions for a width; made once in a process, and kept at hand here. */
    private Functions functions(int width) {
        Functions known = functions[width];
        if (known == null) {
            Step step = width == TileProduct.WIDTH ? Step.TILES : Step.VECTORS;
            known = new Functions(code(Step.ROUND, width), code(step, width));
            functions[width] = known;
        }
        return known;
    }

    private long code(Step step, int width) {
        return CODE.computeIfAbsent(
                new Function(step, weights.format(), width),
                f -> MappedMemory.code(f.code()).address());
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
