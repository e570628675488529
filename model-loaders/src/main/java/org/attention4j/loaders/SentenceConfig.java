package org.attention4j.loaders;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.loaders.io.Json;

/**
 * How an encoder's file says that a text becomes one vector: the modules that sentence-transformers saves beside the weights
 * ({@code modules.json}, {@code 1_Pooling/config.json}, {@code sentence_bert_config.json}), or {@code pooling_type} of a GGUF
 * file, which says nothing of length 1: llama.cpp's tools give it to all vectors, and so does this. Where there is neither, it is
 * the mean, as sentence-transformers takes it then.
 *
 * @param pooling how the vectors of tokens become one
 * @param normalize whether the vector gets the Euclidean length 1
 * @param maxTokens where longer texts are cut off, if that is less than what the model could read
 */
public record SentenceConfig(Pooling pooling, boolean normalize, OptionalInt maxTokens) {
    private static final long LARGEST = 1 << 20;
    private static final String MODULES = "modules.json";
    private static final String POOLING = "1_Pooling";
    private static final String CONFIG = "config.json";
    private static final String LENGTH = "sentence_bert_config.json";
    private static final String GGUF_POOLING = "pooling_type";

    /** Sentence-transformers' names of poolings, each also the key {@code pooling_mode_<name>} of older files. */
    private static final Map<String, Pooling> BY_NAME = Map.of(
            "cls", Pooling.CLS,
            "cls_token", Pooling.CLS,
            "mean", Pooling.MEAN,
            "mean_tokens", Pooling.MEAN,
            "max", Pooling.MAX,
            "max_tokens", Pooling.MAX,
            "lasttoken", Pooling.LAST);

    private static final List<String> UNKNOWN = List.of("mean_sqrt_len_tokens", "weightedmean_tokens");

    /**
     * Reads what comes with a model.
     *
     * @throws ModelFormatException if a file is broken, or asks for something else than a known pooling and length 1
     */
    public static SentenceConfig of(Checkpoint checkpoint) {
        if (checkpoint.layout() == WeightLayout.GGML) {
            return new SentenceConfig(ofGguf(checkpoint.config()), true, OptionalInt.empty());
        }
        Path path = checkpoint.path().toAbsolutePath();
        Path parent = path.getParent();
        return ofDirectory(Files.isDirectory(path) || parent == null ? path : parent);
    }

    private static Pooling ofGguf(Config config) {
        return switch (config.integer(GGUF_POOLING, 0)) {
            case 0, 1 -> Pooling.MEAN;
            case 2 -> Pooling.CLS;
            case 3 -> Pooling.LAST;
            default -> throw config.bad(GGUF_POOLING, "0 to 3 (none, mean, cls, last): others do not give vectors");
        };
    }

    private static SentenceConfig ofDirectory(Path directory) {
        Path lengthFile = directory.resolve(LENGTH);
        OptionalInt maxTokens = OptionalInt.empty();
        if (Files.exists(lengthFile)) {
            Config length = config(lengthFile);
            maxTokens =
                    length.has("max_seq_length") ? OptionalInt.of(length.size("max_seq_length")) : OptionalInt.empty();
        }
        Path modules = directory.resolve(MODULES);
        if (Files.exists(modules)) {
            return ofModules(directory, modules, maxTokens);
        }
        Path pooling = directory.resolve(POOLING).resolve(CONFIG);
        return new SentenceConfig(Files.exists(pooling) ? pooling(config(pooling)) : Pooling.MEAN, false, maxTokens);
    }

    private static SentenceConfig ofModules(Path directory, Path file, OptionalInt maxTokens) {
        Pooling pooling = Pooling.MEAN;
        boolean normalize = false;
        if (!(Json.document(file, LARGEST) instanceof List<?> modules)) {
            throw new ModelFormatException(file, "the JSON document is not an array");
        }
        for (Object module : modules) {
            String type = text(file, module, "type");
            switch (type.substring(type.lastIndexOf('.') + 1)) {
                case "Transformer" -> {}
                case "Pooling" -> pooling = pooling(config(inside(directory, file, text(file, module, "path"))));
                case "Normalize" -> normalize = true;
                default ->
                    throw new UnsupportedModelException(
                            file,
                            "the module %s, expected Transformer, Pooling and Normalize"
                                    .formatted(ModelFormatException.quote(type)));
            }
        }
        return new SentenceConfig(pooling, normalize, maxTokens);
    }

    private static Path inside(Path directory, Path file, String module) {
        Path config = directory.resolve(module).resolve(CONFIG).normalize();
        if (!config.startsWith(directory.normalize())) {
            throw new ModelFormatException(
                    file,
                    "the path %s, expected one inside the model's directory"
                            .formatted(ModelFormatException.quote(module)));
        }
        return config;
    }

    /** Version 5 has one name, versions before it a truth value for each. */
    private static Pooling pooling(Config config) {
        if (config.has("pooling_mode")) {
            Pooling pooling = BY_NAME.get(config.text("pooling_mode"));
            if (pooling == null) {
                throw config.bad("pooling_mode", "cls, mean, max or lasttoken");
            }
            return pooling;
        }
        List<String> chosen = BY_NAME.keySet().stream()
                .sorted()
                .filter(name -> config.flag("pooling_mode_" + name, false))
                .toList();
        for (String other : UNKNOWN) {
            if (config.flag("pooling_mode_" + other, false)) {
                throw config.bad("pooling_mode_" + other, "false");
            }
        }
        if (chosen.size() > 1) {
            throw config.bad("pooling_mode_" + chosen.getLast(), "one pooling, not %s".formatted(chosen));
        }
        return chosen.isEmpty() ? Pooling.MEAN : BY_NAME.getOrDefault(chosen.getFirst(), Pooling.MEAN);
    }

    private static Config config(Path file) {
        if (Json.document(file, LARGEST) instanceof Map<?, ?> map) {
            return Config.of(
                    file,
                    map.entrySet().stream()
                            .collect(Collectors.toMap(e -> String.valueOf(e.getKey()), Map.Entry::getValue)));
        }
        throw new ModelFormatException(file, "the JSON document is not an object");
    }

    private static String text(Path file, Object module, String key) {
        if (module instanceof Map<?, ?> map && map.get(key) instanceof String text) {
            return text;
        }
        throw new ModelFormatException(file, "a module without a text %s".formatted(ModelFormatException.quote(key)));
    }
}
