package org.attention4j.loaders.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.ModelFormatException;

/**
 * What lies beside the tokenizer of a Hugging Face model and says something about its tokens. Each file may be missing.
 *
 * @param tokenizerConfig {@code tokenizer_config.json}
 * @param specialTokensMap {@code special_tokens_map.json}
 * @param addedTokens {@code added_tokens.json}
 * @param generationConfig {@code generation_config.json}
 * @param config {@code config.json}
 * @param genaiConfig the part {@code model} of ONNX Runtime GenAI's {@code genai_config.json}
 */
record HfFiles(
        Optional<JsonView> tokenizerConfig,
        Optional<JsonView> specialTokensMap,
        Optional<JsonView> addedTokens,
        Optional<JsonView> generationConfig,
        Optional<JsonView> config,
        Optional<JsonView> genaiConfig) {
    private static final long LARGEST_FILE = 1L << 24;

    /**
     * The files beside a tokenizer.
     *
     * @throws ModelFormatException if one can't be read or is not a JSON object
     */
    static HfFiles beside(Path tokenizer) {
        return new HfFiles(
                read(tokenizer.resolveSibling("tokenizer_config.json")),
                read(tokenizer.resolveSibling("special_tokens_map.json")),
                read(tokenizer.resolveSibling("added_tokens.json")),
                read(tokenizer.resolveSibling("generation_config.json")),
                read(tokenizer.resolveSibling("config.json")),
                read(tokenizer.resolveSibling("genai_config.json")).flatMap(view -> view.find("model")));
    }

    private static Optional<JsonView> read(Path file) {
        return Files.exists(file) ? Optional.of(JsonView.read(file, LARGEST_FILE)) : Optional.empty();
    }

    /** The text of a special token, such as {@code bos_token}, if one of the files names it. */
    Optional<String> name(String key) {
        return name(tokenizerConfig, key).or(() -> name(specialTokensMap, key));
    }

    /** A truth value of {@code tokenizer_config.json}, if it is there. */
    Optional<Boolean> flag(String key) {
        return tokenizerConfig.filter(view -> view.find(key).isPresent()).map(view -> view.flag(key, false));
    }

    /** A text of {@code tokenizer_config.json}, if it is there. */
    Optional<String> text(String key) {
        return tokenizerConfig.flatMap(view -> view.find(key)).map(JsonView::text);
    }

    private static Optional<String> name(Optional<JsonView> view, String key) {
        return view.flatMap(v -> v.find(key))
                .map(v -> v.value() instanceof Map ? v.get("content").text() : v.text());
    }
}
