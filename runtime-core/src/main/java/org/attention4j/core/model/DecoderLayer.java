package org.attention4j.core.model;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.StateSpec;

/**
 * One layer of a {@link DecoderModel} or an {@link EncoderModel}.
 *
 * @param name what its weights' names begin with, such as {@code model.layers.3}
 * @param mixers its token mixers by a short name; most layers have one
 * @param block what it computes around them
 */
public record DecoderLayer(String name, ImmutableMap<String, SequenceMixer> mixers, Block block) {
    public DecoderLayer {
        if (mixers.isEmpty()) {
            throw new IllegalArgumentException("layer %s has no mixer, expected at least one".formatted(name));
        }
    }

    /** A layer of one mixer. */
    public DecoderLayer(String name, SequenceMixer mixer, Block block) {
        this(name, ImmutableMap.of("mixer", mixer), block);
    }

    /** What the layer remembers: its mixer's state, or those of all of them by name. */
    public StateSpec state() {
        if (mixers.size() == 1) {
            return mixers.values().iterator().next().state();
        }
        return new StateSpec.Joint(ImmutableMap.copyOf(Maps.transformValues(mixers, SequenceMixer::state)));
    }

    /** The layer, for people. */
    public LayerInfo info() {
        return new LayerInfo(name, join(SequenceMixer::name, " + "), join(SequenceMixer::describe, "; "), state());
    }

    private String join(Function<SequenceMixer, String> word, String between) {
        return mixers.values().stream().map(word).filter(w -> !w.isEmpty()).collect(Collectors.joining(between));
    }

    /** The body of a layer: norms, the mixer, the MLP, and the residuals between them. */
    @FunctionalInterface
    public interface Block {
        /** Writes the layer; x and the result are {@code F32[batch, seq, hidden]}. */
        Value write(LayerBuilder m, Value x);
    }
}
