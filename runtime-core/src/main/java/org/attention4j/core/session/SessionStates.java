package org.attention4j.core.session;

import com.google.common.collect.ImmutableMap;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.state.Retention;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** The states of one session, told apart by what their slots mean. */
final class SessionStates {
    /** One tensor of the states: the graph input that holds it, what it means, and its shape here. */
    record Entry(String input, Slot slot, Shape shape) {
        /** Tokens kept after {@code position}, as a shape whose dimension 2 is their number; else the whole shape. */
        Shape savedShape(long position) {
            long[] dims = shape.dims();
            slot.tokens().ifPresent(r -> dims[2] = r.retained(position).length);
            return Shape.of(dims);
        }
    }

    private final Execution execution;
    private final List<Entry> entries;

    SessionStates(ModelDefinition definition, Storage storage, Execution execution, int contextLength) {
        this.execution = execution;
        ImmutableMap<String, Long> sizes = ImmutableMap.of("context", (long) contextLength);
        this.entries = IntStream.range(0, definition.layers().size())
                .boxed()
                .flatMap(i -> definition.layers().get(i).state().slots(storage).stream()
                        .map(s -> new Entry(
                                ModelDefinition.stateName(i, s),
                                s,
                                s.type().replace(Dims.BATCH, Dim.of(1)).shape(sizes))))
                .toList();
    }

    List<Entry> entries() {
        return entries;
    }

    /** Takes the states back to {@code shorter} tokens if they still hold what they held then. */
    boolean truncate(int length, int shorter) {
        if (shorter > 0 && !entries.stream().allMatch(e -> canTruncate(e, length, shorter))) {
            return false;
        }
        if (shorter == 0) {
            entries.stream()
                    .filter(e -> e.slot().tokens().isEmpty())
                    .forEach(e -> execution.writeState(
                            e.input(), Tensor.zeros(e.slot().type().dtype(), e.shape())));
        }
        return true;
    }

    private static boolean canTruncate(Entry e, int length, int shorter) {
        Optional<Retention> tokens = e.slot().tokens();
        return tokens.isPresent()
                && tokens.get().canTruncate(length, shorter, e.shape().dim(2));
    }

    void copyTo(Execution other) {
        entries.forEach(e -> other.writeState(e.input(), execution.readState(e.input())));
    }

    /** The bytes of all that {@link #readSaved} gives after {@code position} tokens. */
    long savedBytes(long position) {
        return entries.stream()
                .mapToLong(e -> e.slot().type().dtype().byteSize(e.savedShape(position)))
                .sum();
    }

    /** What an entry holds after {@code position} tokens, with the kept tokens in the order of their positions. */
    Tensor readSaved(Entry e, long position) {
        Tensor state = execution.readState(e.input());
        return e.slot().tokens().isEmpty() ? state : copyRows(e, state, position, true);
    }

    /** Undoes {@link #readSaved}. */
    void writeSaved(Entry e, Tensor saved, long position) {
        execution.writeState(e.input(), e.slot().tokens().isEmpty() ? saved : copyRows(e, saved, position, false));
    }

    private static Tensor copyRows(Entry e, Tensor source, long position, boolean saving) {
        Retention retention = e.slot().tokens().orElseThrow();
        long[] kept = retention.retained(position);
        Tensor target = Tensor.zeros(source.dtype(), saving ? e.savedShape(position) : e.shape());
        long capacity = e.shape().dim(2);
        long heads = e.shape().dim(1);
        long rowBytes = target.dtype().byteSize(Shape.of(e.shape().dim(3)));
        for (long h = 0; h < heads; h++) {
            for (int i = 0; i < kept.length; i++) {
                long inState = (h * capacity + retention.slotOf(kept[i], capacity)) * rowBytes;
                long inFile = (h * kept.length + i) * rowBytes;
                long from = saving ? inState : inFile;
                long to = saving ? inFile : inState;
                MemorySegment.copy(source.data(), from, target.data(), to, rowBytes);
            }
        }
        return target;
    }
}
