package org.attention4j.onnx.export;

import com.google.common.collect.ImmutableMap;
import org.attention4j.core.state.Slot;

/**
 * What states are called in exported models: {@code past_key_values.N.key} becomes {@code present.N.key}, and what is no cache of
 * keys or values is {@code past_NAME.N} and {@code present_NAME.N}, as exporters for transformers.js do it.
 *
 * @param past the input's name
 * @param present the output's name
 */
public record StateNames(String past, String present) {
    /** The part of a layer that is its memory has one name, whatever the mixer calls it. */
    private static final ImmutableMap<String, String> COMMON =
            ImmutableMap.of("memory", "recurrent", "wkv", "recurrent", "lru", "recurrent");

    /**
     * The names of one slot of a layer's state.
     *
     * @param layer the layer's number, from 0
     * @param slot {@code key}, {@code value}, or a name of the mixer's own, in layers of several mixers after the mixer's
     */
    public static StateNames of(int layer, Slot slot) {
        int dot = slot.name().lastIndexOf('.');
        String mixer = slot.name().substring(0, dot + 1).replace('.', '_');
        String name = slot.name().substring(dot + 1);
        if (slot.tokens().isPresent() && mixer.isEmpty() && (name.equals("key") || name.equals("value"))) {
            return new StateNames(
                    "past_key_values.%d.%s".formatted(layer, name), "present.%d.%s".formatted(layer, name));
        }
        String common = COMMON.get(name);
        String state = mixer + (common == null ? name : common);
        return new StateNames("past_%s.%d".formatted(state, layer), "present_%s.%d".formatted(state, layer));
    }
}
