package org.attention4j.x86;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.attention4j.x86.asm.MappedMemory;

/**
 * {@code y = x · Wᵀ} in F32, with weights of F32 or F16. What it is for are matrices that are too small for other libraries to share between threads, as those of low
 * rank are that recurrences have by the dozen.
 */
public final class FloatProduct implements Product {
    /** For each thread, if there is much to do: those that begin late, or run slowly, take fewer. */
    private static final long SHARES = 8;

    /** Multiplications that take longer than to wake another thread. */
    private static final long SHARED_WORK = 1 << 14;

    /** And those that make many shares worth it. */
    private static final long MUCH_WORK = 1 << 20;

    /** Of x, so many bytes stay in a processor's cache while panels go by. */
    private static final long TOKENS_BYTES = 1L << 20;

    private static final Map<FloatProductCode.Form, Long> CODE = new ConcurrentHashMap<>();

    private final FloatMatrix weights;
    private final int threads;

    /** @param threads that share the work */
    public FloatProduct(FloatMatrix weights, int threads) {
        this.weights = weights;
        this.threads = threads;
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
        return Task.bytes();
    }

    @Override
    public void run(long x, long y, long tokens, MemorySegment scratch, Parallel parallel) {
        describe(scratch);
        long code = code(tokens);
        long rowBytes = weights.columns() * Float.BYTES;
        long most = Math.max(FloatProductCode.WIDEST, TOKENS_BYTES / rowBytes);
        for (long first = 0; first < tokens; first += most) {
            long count = Math.min(most, tokens - first);
            OneRow.Launch launch = OneRow.Launch.of(code, weights.panels(), calls(count));
            Task.ACTIVATIONS.set(scratch, x + first * rowBytes);
            Task.Y.set(scratch, y + first * weights.rows() * Float.BYTES);
            Task.TOKENS.set(scratch, count);
            Task.SHARE.set(scratch, launch.share());
            parallel.run(code, scratch.address(), launch.count());
        }
    }

    @Override
    public OneRow oneRow() {
        MemorySegment task = Field.task(Task.bytes());
        describe(task);
        Task.TOKENS.set(task, 1);
        return new OneRow(
                task,
                ImmutableIntArray.of(Task.ACTIVATIONS.offset()),
                ImmutableIntArray.of(Task.Y.offset()),
                OneRow.Own.NONE,
                Task.SHARE.offset(),
                List.of(OneRow.Launch.of(code(1), weights.panels(), calls(1))));
    }

    private void describe(MemorySegment task) {
        Task.weights(task, weights.rows(), weights.columns(), weights.address(), weights.panelBytes());
        Task.SCALES.set(task, 0);
        Task.PANEL_SCALE_BYTES.set(task, 0);
        Task.BLOCKS.set(task, weights.columns());
    }

    /** How many calls share the panels. */
    private long calls(long tokens) {
        long work = tokens * weights.rows() * weights.columns();
        return work < SHARED_WORK ? 1 : work < MUCH_WORK ? threads : SHARES * threads;
    }

    private long code(long tokens) {
        return CODE.computeIfAbsent(
                FloatProductCode.Form.of(weights.dtype(), weights.columns(), tokens),
                f -> MappedMemory.code(FloatProductCode.of(f)).address());
    }
}
