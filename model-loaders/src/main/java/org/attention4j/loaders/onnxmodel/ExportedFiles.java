package org.attention4j.loaders.onnxmodel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.tokenizer.Tokenizers;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes beside an exported model: the files of its tokenizer, chat template and configuration, copied, or of a GGUF file its
 * vocabulary as a GGUF file without weights; and ONNX Runtime GenAI's {@code genai_config.json}.
 */
public final class ExportedFiles {
    private static final List<String> COPIED = List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "tokenizer.model",
            "tokenizer.bin",
            "spiece.model",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json");

    private static final String TOKENIZER_KEYS = "tokenizer.";
    private static final JsonMapper MAPPER = new JsonMapper();

    private ExportedFiles() {}

    /** What the exported file itself says of where it came from. */
    public static Map<String, String> properties(ModelDefinition definition) {
        ModelInfo info = definition.info();
        return Map.of(
                OnnxArchitecture.PROPERTIES + "architecture", info.architecture(),
                OnnxArchitecture.PROPERTIES + "name", info.name());
    }

    /**
     * Writes the files beside {@code model}, the exported one. Files of the same names are replaced.
     *
     * @param contextLength the tokens for which the model is to be used
     * @throws IOException if one can't be written
     */
    public static void write(Checkpoint checkpoint, ModelDefinition definition, int contextLength, Path model)
            throws IOException {
        Path target = Optional.ofNullable(model.toAbsolutePath().getParent()).orElse(model);
        if (checkpoint.metadata().has("tokenizer.ggml.model")) {
            writeVocabulary(checkpoint.metadata(), target.resolve(OnnxCheckpoint.GGUF_TOKENIZER));
        } else {
            copy(checkpoint.home().toAbsolutePath(), target);
        }
        Path genai = target.resolve("genai_config.json");
        Files.writeString(
                genai,
                MAPPER.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(genai(checkpoint, definition, contextLength, model)));
    }

    private static void copy(Path home, Path target) throws IOException {
        Path source = Files.isDirectory(home)
                ? home
                : Optional.ofNullable(home.getParent()).orElse(home);
        if (Files.isSameFile(source, target)) {
            return;
        }
        for (String name : COPIED) {
            if (Files.isRegularFile(source.resolve(name))) {
                Files.copy(source.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        try (Stream<Path> files = Files.list(source)) {
            for (Path rwkv : files.filter(f -> f.getFileName().toString().matches("rwkv.*\\.txt"))
                    .toList()) {
                Files.copy(rwkv, target.resolve(rwkv.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** A GGUF file with those keys of another one that begin with {@code tokenizer.}. */
    private static void writeVocabulary(Config metadata, Path file) throws IOException {
        GgufWriter writer = new GgufWriter().string("general.architecture", "vocabulary");
        for (String key : metadata.keys()) {
            if (key.startsWith(TOKENIZER_KEYS)) {
                writer.value(key, metadata.find(key).orElseThrow());
            }
        }
        writer.write(file);
    }

    private static Map<String, Object> genai(
            Checkpoint checkpoint, ModelDefinition definition, int contextLength, Path model) {
        ModelInfo info = definition.info();
        Config config = checkpoint.config();
        int heads = config.size("num_attention_heads", 1);
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", "input_ids");
        Map<String, Object> outputs = new LinkedHashMap<>();
        outputs.put("logits", "logits");
        if (hasCaches(definition)) {
            inputs.put("attention_mask", "attention_mask");
            inputs.put("position_ids", "position_ids");
            inputs.put("past_key_names", "past_key_values.%d.key");
            inputs.put("past_value_names", "past_key_values.%d.value");
            outputs.put("present_key_names", "present.%d.key");
            outputs.put("present_value_names", "present.%d.value");
        }
        Map<String, Object> decoder = new LinkedHashMap<>();
        decoder.put("filename", String.valueOf(model.getFileName()));
        decoder.put("session_options", Map.of());
        decoder.put("head_size", config.size("head_dim", Math.max(1, info.hiddenSize() / heads)));
        decoder.put("hidden_size", info.hiddenSize());
        decoder.put("num_attention_heads", heads);
        decoder.put("num_key_value_heads", config.size("num_key_value_heads", heads));
        decoder.put("num_hidden_layers", definition.layers().size());
        decoder.put("inputs", inputs);
        decoder.put("outputs", outputs);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("type", info.architecture());
        root.put("vocab_size", info.vocabSize());
        root.put("context_length", contextLength);
        Optional<TokenizerInfo> tokenizer = Tokenizers.info(checkpoint);
        tokenizer.ifPresent(
                t -> root.put("eos_token_id", t.endIds().stream().sorted().toList()));
        root.put("decoder", decoder);
        Map<String, Object> search = new LinkedHashMap<>();
        search.put("max_length", contextLength);
        search.put("past_present_share_buffer", false);
        return Map.of("model", root, "search", search);
    }

    private static boolean hasCaches(ModelDefinition definition) {
        return definition.layers().stream()
                .flatMap(l -> l.state().slots(Storage.EXACT).stream())
                .map(Slot::tokens)
                .anyMatch(Optional::isPresent);
    }
}
