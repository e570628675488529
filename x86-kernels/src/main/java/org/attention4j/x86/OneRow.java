package org.attention4j.x86;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * How one row, or one token, is computed by generated code that nothing but generated code calls: addresses are put into a copy of
 * {@code task}, which then goes to each of the launches in turn. Between tokens there is no time for anything slower.
 *
 * @param task what is the same for all rows: as many bytes as {@link #ALIGNMENT} or a multiple; it lives as long as the kernel does
 * @param inputs where in the task the address of each input goes, in bytes
 * @param outputs where that of each output goes
 * @param own memory for what only one call needs
 * @param shareField where each launch's {@link Launch#share} goes
 */
public record OneRow(
        MemorySegment task,
        ImmutableIntArray inputs,
        ImmutableIntArray outputs,
        Own own,
        int shareField,
        List<Launch> launches) {
    /** Of the task's copy and of memory for one call, in bytes. */
    public static final int ALIGNMENT = 64;

    /**
     * Memory for one call.
     *
     * @param field where in the task its address goes, in bytes
     * @param bytes how much; if 0, none is needed and no address given
     */
    public record Own(int field, long bytes) {
        static final Own NONE = new Own(0, 0);
    }

    /**
     * {@code function(task, i)} for all i below {@code count}, on as many threads as there are.
     *
     * @param share how many units one call goes through
     */
    public record Launch(long function, long share, long count) {
        /** Of {@code units} in so many calls at most. */
        static Launch of(long function, long units, long calls) {
            long share = Math.ceilDiv(units, calls);
            return new Launch(function, share, Math.ceilDiv(units, share));
        }
    }

    /** @throws IllegalArgumentException if the task's size is not a multiple */
    public OneRow {
        launches = ImmutableList.copyOf(launches);
        if (task.byteSize() % ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    "one row: a task of %d bytes, expected a multiple of %d".formatted(task.byteSize(), ALIGNMENT));
        }
    }
}
