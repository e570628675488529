package org.attention4j.loaders.hf;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.Json;

/**
 * The values of a {@code config.json}. A dot in a key leads into an object. A value is also found under the older or
 * model-specific spellings of its canonical key. What a model of text and images says of the former in {@code text_config} goes
 * before what it says of both.
 */
final class HfConfig implements Config.Source {
    private static final long LARGEST_CONFIG = 1 << 22;
    private static final String ROPE = "rope_parameters";
    private static final String TEXT = "text_config.";

    /** What some configuration classes call a canonical key. */
    private static final Map<String, List<String>> SPELLINGS = Map.of(
            "hidden_size", List.of("n_embd", "n_embed", "d_model"),
            "num_hidden_layers", List.of("n_layer", "n_layers", "num_layers"),
            "num_attention_heads", List.of("n_head", "n_heads"),
            "num_key_value_heads", List.of("num_kv_heads", "n_head_kv"),
            "intermediate_size", List.of("n_inner", "ffn_hidden_size", "ffn_dim"),
            "max_position_embeddings", List.of("n_positions", "n_ctx", "max_seq_len", "seq_length"),
            "layer_norm_epsilon", List.of("layer_norm_eps", "norm_epsilon", "norm_eps"),
            "hidden_act", List.of("hidden_activation", "activation_function", "activation"),
            "sliding_window_pattern", List.of("_sliding_window_pattern"));

    /** Rotary parameters that version 4 keeps at the top level. */
    private static final Map<String, List<String>> TOP_LEVEL_ROPE = Map.of(
            "rope_theta", List.of("rope_theta", "rotary_emb_base"),
            "partial_rotary_factor", List.of("partial_rotary_factor", "rotary_pct", "rope_pct"),
            "original_max_position_embeddings", List.of("original_max_position_embeddings"));

    private final Path file;
    private final Map<String, Object> tree;

    private HfConfig(Path file, Map<String, Object> tree) {
        this.file = file;
        this.tree = tree;
    }

    /**
     * Reads a configuration of at most 4 MiB.
     *
     * @throws ModelFormatException if it can't be read or is not a JSON object
     */
    static HfConfig read(Path file) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Json.readObject(file, LARGEST_CONFIG, (key, value) -> Json.value(value).ifPresent(v -> tree.put(key, v)));
        return new HfConfig(file, tree);
    }

    /** Reads a configuration from memory; {@code file} is its name in error messages. */
    static HfConfig of(Path file, MemorySegment json) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Json.readObject(file, json, (key, value) -> Json.value(value).ifPresent(v -> tree.put(key, v)));
        return new HfConfig(file, tree);
    }

    /** {@code model_type}; files of some research code have only {@code architectures}. */
    String architecture() {
        Config config = Config.of(file, tree);
        if (config.has("model_type") || !config.has("architectures")) {
            return config.text("model_type");
        }
        List<String> names = config.texts("architectures");
        if (names.size() != 1) {
            throw config.bad("architectures", "one name");
        }
        return names.getFirst();
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Set<String> keys() {
        return Collections.unmodifiableSet(tree.keySet());
    }

    @Override
    public Optional<Object> find(String key) {
        List<String> spellings = spellings(key);
        return first(spellings, this::inText)
                .or(() -> Optional.ofNullable(textDefaults().get(key)))
                .or(() -> first(spellings, this::atTop));
    }

    private static Optional<Object> first(List<String> paths, Function<String, Optional<Object>> find) {
        return paths.stream().map(find).flatMap(Optional::stream).findFirst();
    }

    /** What {@code text_config} leaves out is as its type has it by default; a configuration for text alone is complete. */
    private Map<String, Object> textDefaults() {
        return inText("model_type").map(TextDefaults::of).orElseGet(Map::of);
    }

    @Override
    public String spelling(String key) {
        List<String> spellings = spellings(key);
        return Stream.concat(spellings.stream().map(s -> TEXT + s), spellings.stream())
                .filter(s -> atTop(s).isPresent())
                .findFirst()
                .orElse(key);
    }

    private List<String> spellings(String key) {
        if (key.startsWith(ROPE + ".")) {
            return ropeSpellings(key.substring(ROPE.length() + 1));
        }
        List<String> spellings = new ArrayList<>(List.of(key));
        spellings.addAll(SPELLINGS.getOrDefault(key, List.of()));
        return spellings;
    }

    /**
     * Spellings of {@code rope_parameters.<name>} or {@code rope_parameters.<layer type>.<name>}. Version 5 has one object of
     * parameters, or one for each type of layer; version 4 has {@code rope_scaling} and the base apart. Models whose types of
     * layers differ (Gemma 3, OLMo 3) do not scale the angles of sliding layers.
     */
    private List<String> ropeSpellings(String path) {
        int dot = path.lastIndexOf('.');
        String layerType = dot < 0 ? "" : path.substring(0, dot);
        String name = path.substring(dot + 1);
        if (!layerType.isEmpty()
                && first(List.of(TEXT + ROPE + "." + layerType, ROPE + "." + layerType), this::atTop)
                        .isPresent()) {
            return List.of(ROPE + "." + path);
        }
        if (layerType.equals("sliding_attention")) {
            return name.equals("rope_theta") ? List.of("rope_local_base_freq", ROPE + ".rope_theta") : List.of();
        }
        List<String> spellings = new ArrayList<>(List.of(ROPE + "." + name, "rope_scaling." + name));
        if (name.equals("rope_type")) {
            spellings.add("rope_scaling.type");
        }
        spellings.addAll(TOP_LEVEL_ROPE.getOrDefault(name, List.of()));
        return spellings;
    }

    private Optional<Object> inText(String path) {
        return atTop(TEXT + path);
    }

    private Optional<Object> atTop(String path) {
        Object value = tree;
        for (String step : path.split("\\.", -1)) {
            Object next = value instanceof Map<?, ?> map ? map.get(step) : null;
            if (next == null) {
                return Optional.empty();
            }
            value = next;
        }
        return Optional.of(value);
    }
}
