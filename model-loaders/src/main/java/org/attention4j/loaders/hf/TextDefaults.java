package org.attention4j.loaders.hf;

import static java.util.Map.entry;

import java.util.Map;

/**
 * Defaults of transformers' configuration classes. It leaves out of a configuration inside another one what is the default; so
 * {@code google/gemma-3-4b-it} does not say how many heads it has.
 */
final class TextDefaults {
    private static final Map<String, Object> GEMMA3 = Map.ofEntries(
            entry("hidden_size", 2304L),
            entry("intermediate_size", 9216L),
            entry("num_hidden_layers", 26L),
            entry("num_attention_heads", 8L),
            entry("num_key_value_heads", 4L),
            entry("head_dim", 256L),
            entry("query_pre_attn_scalar", 256L),
            entry("sliding_window", 4096L),
            entry("max_position_embeddings", 131_072L),
            entry("rms_norm_eps", 1e-6));

    private TextDefaults() {}

    /** The defaults of a {@code text_config} of this {@code model_type}, by canonical key. */
    static Map<String, Object> of(Object modelType) {
        return modelType.equals("gemma3_text") ? GEMMA3 : Map.of();
    }
}
