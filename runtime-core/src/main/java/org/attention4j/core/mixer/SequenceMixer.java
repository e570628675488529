package org.attention4j.core.mixer;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Value;
import org.attention4j.core.state.StateSpec;

/** A token mixer: attention, a recurrence, or whatever else lets tokens see each other. Immutable and thread-safe. */
public interface SequenceMixer {
    /** The kind of mixer as people call it, such as {@code gqa}. */
    String name();

    /** Heads, sizes and windows in a few words, for {@code inspect}. */
    String describe();

    /** What it remembers of one sequence. */
    StateSpec state();

    /** The forms it has; the first is the reference for the others. */
    List<Form> forms();

    /** The parameters that {@link #mix} reads. */
    List<ParameterSpec> parameters();

    /**
     * Writes the mixer into {@code c.builder()}.
     *
     * @param form one of {@link #forms()}
     * @param x {@code F32[batch, seq, hidden]}
     * @param state a value for each slot of {@link #state()}, in order
     */
    Mixed mix(MixContext c, Form form, Value x, List<Value> state);

    /**
     * A mixer's results.
     *
     * @param y {@code F32[batch, seq, hidden]}
     * @param state the next value of each slot
     */
    record Mixed(Value y, List<Value> state) {
        public Mixed {
            state = ImmutableList.copyOf(state);
        }
    }
}
