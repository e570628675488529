package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.attention4j.x86.asm.MappedMemory;

/** A {@link RowFunction} by generated code. */
public final class RowFunctionKernel {
    /** Steps of entries that take longer than to wake other threads. */
    private static final long SHARED_WORK = 1 << 18;

    private static final long SHARES = 16;

    private static final Map<RowFunction, Long> CODE = new ConcurrentHashMap<>();

    private final RowFunction function;
    private final long code;

    /** @throws IllegalArgumentException if the function does not {@linkplain RowFunction#fits() fit} */
    public RowFunctionKernel(RowFunction function) {
        if (!function.fits()) {
            throw new IllegalArgumentException("row function: %d steps of groups of %d need too much of the stack"
                    .formatted(function.steps().size(), function.group()));
        }
        this.function = function;
        this.code = CODE.computeIfAbsent(
                function, f -> MappedMemory.code(RowFunctionCode.of(f)).address());
    }

    public RowFunction function() {
        return function;
    }

    /** The bytes of memory that {@link #run} needs for itself. */
    public long scratchBytes() {
        return RowTask.bytes(operands());
    }

    /** The function of one row. */
    public OneRow oneRow() {
        MemorySegment task = Field.task(scratchBytes());
        RowTask.ROWS.set(task, 1);
        int numInputs = function.inputs().size();
        return new OneRow(
                task,
                offsets(0, numInputs),
                offsets(numInputs, operands()),
                OneRow.Own.NONE,
                RowTask.SHARE.offset(),
                List.of(OneRow.Launch.of(code, 1, 1)));
    }

    private static ImmutableIntArray offsets(int first, int end) {
        return ImmutableIntArray.copyOf(IntStream.range(first, end).map(RowTask::offsetOf));
    }

    /** How many inputs and outputs there are. */
    private int operands() {
        return function.inputs().size() + function.outputs().size();
    }

    /**
     * Computes all rows.
     *
     * @param operands addresses of the inputs, then of the outputs, none of which is another's
     * @param scratch {@link #scratchBytes()}
     */
    public void run(long[] operands, long rows, MemorySegment scratch, Parallel parallel) {
        long work = rows * function.size() * function.steps().size();
        long share = work < SHARED_WORK ? rows : Math.ceilDiv(rows, SHARES);
        RowTask.ROWS.set(scratch, rows);
        RowTask.SHARE.set(scratch, share);
        for (int i = 0; i < operands(); i++) {
            scratch.set(JAVA_LONG, RowTask.offsetOf(i), operands[i]);
        }
        if (rows > 0) {
            parallel.run(code, scratch.address(), Math.ceilDiv(rows, share));
        }
    }
}
