package org.attention4j.loaders.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.attention4j.loaders.ModelFormatException;

/**
 * The special tokens of a Hugging Face model, from the files beside its {@code tokenizer.json}: {@code tokenizer_config.json},
 * {@code special_tokens_map.json}, {@code generation_config.json} and {@code config.json}, each of which may be missing.
 */
final class HfSpecialTokens {
    private static final long LARGEST_FILE = 1L << 24;

    private final TokenizerJson json;
    private final Optional<JsonView> tokenizerConfig;
    private final Optional<JsonView> specialTokensMap;
    private final Optional<JsonView> generationConfig;
    private final Optional<JsonView> config;

    private HfSpecialTokens(Path directory, TokenizerJson json) {
        this.json = json;
        this.tokenizerConfig = read(directory.resolve("tokenizer_config.json"));
        this.specialTokensMap = read(directory.resolve("special_tokens_map.json"));
        this.generationConfig = read(directory.resolve("generation_config.json"));
        this.config = read(directory.resolve("config.json"));
    }

    /**
     * The special tokens of the model in a directory.
     *
     * @throws ModelFormatException if one of the files is broken
     */
    static SpecialTokens of(Path directory, TokenizerJson json) {
        HfSpecialTokens files = new HfSpecialTokens(directory, json);
        Optional<Integer> bos = files.id("bos");
        Optional<Integer> eos = files.id("eos");
        Set<Integer> ends = new HashSet<>();
        eos.ifPresent(ends::add);
        files.ids(files.generationConfig, "eos").forEach(ends::add);
        files.ids(files.config, "eos").forEach(ends::add);

        List<Integer> prefix = new ArrayList<>(json.template().prefix());
        List<Integer> suffix = new ArrayList<>(json.template().suffix());
        files.adjust(prefix, bos, "add_bos_token");
        files.adjust(suffix.reversed(), eos, "add_eos_token");
        return new SpecialTokens(prefix, suffix, bos.map(OptionalInt::of).orElse(OptionalInt.empty()), ends);
    }

    private static Optional<JsonView> read(Path file) {
        return Files.exists(file) ? Optional.of(JsonView.read(file, LARGEST_FILE)) : Optional.empty();
    }

    /** Puts the token first or takes it from there if the tokenizer's configuration says so and the template does otherwise. */
    private void adjust(List<Integer> around, Optional<Integer> token, String flag) {
        if (token.isEmpty() || tokenizerConfig.flatMap(view -> view.find(flag)).isEmpty()) {
            return;
        }
        boolean has = !around.isEmpty() && around.getFirst().equals(token.get());
        boolean wanted = tokenizerConfig.get().flag(flag, has);
        if (wanted && !has) {
            around.addFirst(token.get());
        } else if (!wanted && has) {
            around.removeFirst();
        }
    }

    /** The id of a named token, where the name is in the vocabulary, or the first id that a configuration gives. */
    private Optional<Integer> id(String which) {
        return name(tokenizerConfig, which + "_token")
                .or(() -> name(specialTokensMap, which + "_token"))
                .flatMap(json::find)
                .or(() -> ids(generationConfig, which).stream().findFirst())
                .or(() -> ids(config, which).stream().findFirst());
    }

    private static Optional<String> name(Optional<JsonView> view, String key) {
        return view.flatMap(v -> v.find(key))
                .map(v -> v.value() instanceof Map ? v.get("content").text() : v.text());
    }

    /** Ids are one or a list; those that the vocabulary lacks can't occur and are left out. */
    private List<Integer> ids(Optional<JsonView> view, String which) {
        Optional<JsonView> value = view.flatMap(v -> v.find(which + "_token_id"));
        List<JsonView> views = value.map(v -> v.value() instanceof List ? v.elements() : List.of(v))
                .orElse(List.of());
        return views.stream()
                .filter(v -> !v.value().equals(-1L))
                .map(JsonView::id)
                .filter(id -> id < json.size())
                .toList();
    }
}
