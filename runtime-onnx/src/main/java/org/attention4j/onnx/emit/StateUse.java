package org.attention4j.onnx.emit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;

/** What lowerings do with the memory of a graph's states. Values that are no states are left alone. */
public final class StateUse {
    private final Set<String> states;
    private final Set<String> inPlace = new HashSet<>();
    private final Map<String, Reach> reaches = new HashMap<>();

    StateUse(Set<String> states) {
        this.states = states;
    }

    /**
     * How far into a cache a run looks: of the slots only the first {@code position + added}.
     *
     * @param position the id of an input {@code I64[batch]}
     * @param added evaluated for each run
     */
    public record Reach(String position, Dim added) {}

    /**
     * Says that the lowering of the state {@code input} updates its memory in place: input and result may be the same buffer.
     * Without this a run writes the next value to another buffer than the one it reads.
     */
    void updateInPlace(Value input) {
        if (states.contains(input.id())) {
            inPlace.add(input.id());
        }
    }

    /**
     * Says that the lowering of the state {@code input} computes the same whether the cache has all its slots or only the first
     * {@code position + added}, or any number between.
     */
    public void reachesUpTo(Value input, Value position, Dim added) {
        if (states.contains(input.id())) {
            reaches.put(input.id(), new Reach(position.id(), added));
        }
    }

    /** The ids of the states whose memory the next value may overwrite. */
    public ImmutableSet<String> inPlace() {
        return ImmutableSet.copyOf(inPlace);
    }

    /** How far into it a run looks, of the states of which that is known, by id. */
    public ImmutableMap<String, Reach> reaches() {
        return ImmutableMap.copyOf(reaches);
    }
}
