package org.attention4j.core.model;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.SequenceMixer.Mixed;
import org.attention4j.core.state.Storage;

/** {@link ModelBuilder} inside one layer: weights are named from the layer on, and each of the layer's mixers is called once. */
public final class LayerBuilder extends ModelBuilder {
    private final ImmutableMap<String, SequenceMixer> mixers;
    private final ImmutableMap<String, List<Value>> states;
    private final Map<String, Mixed> mixed = new HashMap<>();

    /** @param state the values of all slots, mixer by mixer */
    LayerBuilder(MixContext context, DecoderLayer layer, Storage storage, List<Value> state) {
        super(context);
        this.mixers = layer.mixers();
        ImmutableMap.Builder<String, List<Value>> parts = ImmutableMap.builder();
        int from = 0;
        for (Map.Entry<String, SequenceMixer> part : mixers.entrySet()) {
            // One mixer may be given the state of another layer, whose slots are not its own.
            int size = mixers.size() == 1
                    ? state.size()
                    : part.getValue().state().slots(storage).size();
            parts.put(part.getKey(), ImmutableList.copyOf(state.subList(from, from + size)));
            from += size;
        }
        this.states = parts.buildOrThrow();
    }

    /** The layer's only mixer, whose parameters' names begin with {@code name} and a dot. */
    public Value mix(String name, Value x) {
        if (mixers.size() != 1) {
            throw new IllegalStateException("mixer %s: the layer has %s, say which".formatted(name, mixers.keySet()));
        }
        return mix(mixers.keySet().iterator().next(), name, x);
    }

    /** One of the layer's mixers, whose parameters' names begin with {@code name} and a dot. */
    public Value mix(String part, String name, Value x) {
        SequenceMixer mixer = mixers.get(part);
        List<Value> state = states.get(part);
        if (mixer == null || state == null) {
            throw new IllegalStateException("the layer has no mixer %s, but %s".formatted(part, mixers.keySet()));
        }
        if (mixed.containsKey(part)) {
            throw new IllegalStateException("mixer " + name + ": a layer mixes once");
        }
        for (ParameterSpec p : mixer.parameters()) {
            long[] dims = p.dims().stream().mapToLong(Long::longValue).toArray();
            weight(name + "." + p.name(), dims);
        }
        MixContext inner = context().withParameters(context().parameters().scope(name));
        Mixed result = graph().scoped(name, () -> mixer.mix(inner, mixer.forms().getFirst(), x, state));
        mixed.put(part, result);
        return result.y();
    }

    List<Value> nextState() {
        ImmutableList.Builder<Value> all = ImmutableList.builder();
        for (String part : mixers.keySet()) {
            Mixed result = mixed.get(part);
            if (result == null) {
                throw new IllegalStateException("the layer did not call its mixer " + part);
            }
            all.addAll(result.state());
        }
        return all.build();
    }
}
