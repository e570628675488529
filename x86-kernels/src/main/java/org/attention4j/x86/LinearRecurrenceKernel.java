package org.attention4j.x86;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.x86.asm.MappedMemory;

/** A {@link LinearRecurrence}, token by token, by generated code. */
public final class LinearRecurrenceKernel {
    /** Of {@code keyDim}: so many factors are on the stack. */
    public static final int MOST_ROWS = 1024;

    /** Entries of states, times tokens, that take longer than to tell other threads. */
    private static final long SHARED_WORK = 1 << 15;

    private static final Map<Shape, Long> CODE = new ConcurrentHashMap<>();

    private final Shape shape;
    private final long code;

    /**
     * What is known before any tokens are.
     *
     * @param op its chunks don't matter
     * @param keyDim at most {@link #MOST_ROWS}
     */
    public record Shape(LinearRecurrence op, int heads, int keyDim, int valueDim) {
        /** @throws IllegalArgumentException if a size is below 1, or too large */
        public Shape {
            if (heads < 1 || keyDim < 1 || valueDim < 1 || keyDim > MOST_ROWS) {
                throw new IllegalArgumentException(
                        "recurrence: %d heads of %d rows and %d columns, expected at least 1 each, and at most %d rows"
                                .formatted(heads, keyDim, valueDim, MOST_ROWS));
            }
            op = new LinearRecurrence(op.decay(), op.lowRank(), op.readBefore(), op.scale(), 1);
        }
    }

    public LinearRecurrenceKernel(Shape shape) {
        this.shape = shape;
        this.code = CODE.computeIfAbsent(
                shape,
                s -> MappedMemory.code(LinearRecurrenceCode.of(s.op, s.heads, s.keyDim, s.valueDim))
                        .address());
    }

    public Shape shape() {
        return shape;
    }

    /** The bytes of memory that {@link #run} needs for itself. */
    public static long scratchBytes() {
        return RecurrenceTask.BYTES;
    }

    /**
     * Computes the op.
     *
     * @param inputs addresses of the op's inputs, in order
     * @param y that of {@code F32[batch, tokens, heads, valueDim]}
     * @param next that of the next state; it may be the state's
     * @param tokens at least 1
     */
    public void run(
            long[] inputs, long y, long next, long batch, long tokens, MemorySegment scratch, Parallel parallel) {
        long share = Math.ceilDiv(shape.heads, calls(tokens));
        RecurrenceTask.TOKENS.set(scratch, tokens);
        RecurrenceTask.HEADS.set(scratch, shape.heads);
        RecurrenceTask.SHARE.set(scratch, share);
        List<String> names = shape.op.inputNames();
        for (long sequence = 0; sequence < batch; sequence++) {
            for (int i = 0; i < names.size(); i++) {
                RecurrenceTask field = field(names.get(i));
                field.set(scratch, inputs[i] + sequence * bytes(field, tokens));
            }
            RecurrenceTask.Y.set(scratch, y + sequence * bytes(RecurrenceTask.Y, tokens));
            RecurrenceTask.NEXT_STATE.set(scratch, next + sequence * bytes(RecurrenceTask.STATE, tokens));
            parallel.run(code, scratch.address(), Math.ceilDiv(shape.heads, share));
        }
    }

    /** The op with one token of one sequence. */
    public OneRow oneRow() {
        MemorySegment task = Field.task(RecurrenceTask.BYTES);
        RecurrenceTask.TOKENS.set(task, 1);
        RecurrenceTask.HEADS.set(task, shape.heads);
        return new OneRow(
                task,
                ImmutableIntArray.copyOf(shape.op.inputNames().stream().mapToInt(n -> field(n).offset())),
                ImmutableIntArray.of(RecurrenceTask.Y.offset(), RecurrenceTask.NEXT_STATE.offset()),
                OneRow.Own.NONE,
                RecurrenceTask.SHARE.offset(),
                List.of(OneRow.Launch.of(code, shape.heads, calls(1))));
    }

    /** How many calls share the heads. */
    private long calls(long tokens) {
        return tokens * shape.heads * shape.keyDim * shape.valueDim < SHARED_WORK ? 1 : shape.heads;
    }

    private static RecurrenceTask field(String input) {
        return switch (input) {
            case "state" -> RecurrenceTask.STATE;
            case "query" -> RecurrenceTask.QUERY;
            case "key" -> RecurrenceTask.KEY;
            case "value" -> RecurrenceTask.VALUE;
            case "log_decay" -> RecurrenceTask.LOG_DECAY;
            case "remove" -> RecurrenceTask.REMOVE;
            case "write" -> RecurrenceTask.WRITE;
            case "bonus" -> RecurrenceTask.BONUS;
            default -> throw new IllegalStateException("recurrence: an input called " + input);
        };
    }

    /** Of one sequence's part. */
    private long bytes(RecurrenceTask field, long tokens) {
        long perHead = switch (field) {
            case STATE -> (long) shape.keyDim * shape.valueDim;
            case QUERY, KEY, REMOVE, WRITE -> tokens * shape.keyDim;
            case VALUE, Y -> tokens * shape.valueDim;
            case LOG_DECAY -> tokens * (shape.op.decay() == Decay.HEAD ? 1 : shape.keyDim);
            default -> 0;
        };
        return perHead * shape.heads * Float.BYTES;
    }
}
