package org.attention4j.x86;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.attention4j.x86.asm.MappedMemory;

/** A {@link org.attention4j.core.mixer.mamba.SelectiveScan} by generated code. */
public final class SelectiveScanKernel {
    /** Of a channel. */
    public static final int MOST_STATES = SelectiveScanCode.MOST_STATES;

    /** Entries of states, times tokens, that take longer than to tell other threads. */
    private static final long SHARED_WORK = 1 << 14;

    /** Of neighbouring channels, what processors' caches hold together lies together. */
    private static final long SHARED_CHANNELS = 64;

    /** Tokens whose inputs stay in a processor's nearest cache while channels go by. */
    private static final long TOKENS = 128;

    private static final Map<Shape, Long> CODE = new ConcurrentHashMap<>();
    private static final int STATE_INPUT = 0;
    private static final ScanTask[] INPUTS = {
        ScanTask.STATE, ScanTask.U, ScanTask.DELTA, ScanTask.A, ScanTask.B, ScanTask.C
    };

    private final Shape shape;
    private final long code;

    /**
     * What is known before any tokens are.
     *
     * @param channels the op's {@code inner}
     * @param states the op's {@code N}, at most {@link #MOST_STATES}
     */
    public record Shape(int channels, int states) {
        /** @throws IllegalArgumentException if a size is below 1, or too large */
        public Shape {
            if (channels < 1 || states < 1 || states > MOST_STATES) {
                throw new IllegalArgumentException(
                        "scan: %d channels of %d states, expected at least 1 each, and at most %d states"
                                .formatted(channels, states, MOST_STATES));
            }
        }
    }

    public SelectiveScanKernel(Shape shape) {
        this.shape = shape;
        this.code = CODE.computeIfAbsent(
                shape,
                s -> MappedMemory.code(SelectiveScanCode.of(s.channels, s.states))
                        .address());
    }

    public Shape shape() {
        return shape;
    }

    /** The bytes of memory that {@link #run} needs for itself. */
    public static long scratchBytes() {
        return ScanTask.BYTES;
    }

    /**
     * Computes the op.
     *
     * @param inputs addresses of the op's inputs, in order
     * @param y that of {@code F32[batch, tokens, inner]}
     * @param next that of the next state; it may be the state's
     * @param tokens at least 1
     */
    public void run(
            long[] inputs, long y, long next, long batch, long tokens, MemorySegment scratch, Parallel parallel) {
        long share = share(Math.min(tokens, TOKENS));
        ScanTask.CHANNELS.set(scratch, shape.channels);
        ScanTask.SHARE.set(scratch, share);
        for (long sequence = 0; sequence < batch; sequence++) {
            for (long first = 0; first < tokens; first += TOKENS) {
                long token = sequence * tokens + first;
                long state = sequence * bytes(ScanTask.STATE);
                for (int i = 0; i < INPUTS.length; i++) {
                    INPUTS[i].set(scratch, inputs[i] + token * bytes(INPUTS[i]));
                }
                ScanTask.STATE.set(scratch, (first == 0 ? inputs[STATE_INPUT] : next) + state);
                ScanTask.Y.set(scratch, y + token * bytes(ScanTask.Y));
                ScanTask.NEXT_STATE.set(scratch, next + state);
                ScanTask.TOKENS.set(scratch, Math.min(TOKENS, tokens - first));
                parallel.run(code, scratch.address(), Math.ceilDiv(shape.channels, share));
            }
        }
    }

    /** The op with one token of one sequence. */
    public OneRow oneRow() {
        MemorySegment task = Field.task(ScanTask.BYTES);
        ScanTask.TOKENS.set(task, 1);
        ScanTask.CHANNELS.set(task, shape.channels);
        return new OneRow(
                task,
                ImmutableIntArray.copyOf(Arrays.stream(INPUTS).mapToInt(ScanTask::offset)),
                ImmutableIntArray.of(ScanTask.Y.offset(), ScanTask.NEXT_STATE.offset()),
                OneRow.Own.NONE,
                ScanTask.SHARE.offset(),
                List.of(OneRow.Launch.of(code, shape.channels, Math.ceilDiv(shape.channels, share(1)))));
    }

    /** How many channels one call goes through. */
    private long share(long tokens) {
        return tokens * shape.channels * shape.states < SHARED_WORK ? shape.channels : SHARED_CHANNELS;
    }

    /** Of one token's part, or of one sequence's of the state. */
    private long bytes(ScanTask field) {
        long elements = switch (field) {
            case STATE -> (long) shape.channels * shape.states;
            case U, DELTA, Y -> shape.channels;
            case B, C -> shape.states;
            default -> 0;
        };
        return elements * Float.BYTES;
    }
}
