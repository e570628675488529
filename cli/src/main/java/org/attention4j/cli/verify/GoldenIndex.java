package org.attention4j.cli.verify;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code index.jsonl}: one JSON object a line, each a recorded call of an op, or a model in some format. */
public final class GoldenIndex {
    private static final String NAME = "index.jsonl";
    /** The index is written by Python, whose JSON has infinities. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final Path directory;
    private final ImmutableList<Config> entries;

    private GoldenIndex(Path directory, ImmutableList<Config> entries) {
        this.directory = directory;
        this.entries = entries;
    }

    /**
     * Reads the index of a directory.
     *
     * @throws ModelFormatException if there is none or a line is broken, naming it
     */
    public static GoldenIndex read(Path directory) {
        Path file = directory.resolve(NAME);
        ImmutableList.Builder<Config> entries = ImmutableList.builder();
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ModelFormatException(file, "no such file, expected the index of recorded cases", e);
        } catch (IOException e) {
            throw new ModelFormatException(file, "can't be read: " + e, e);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                entries.add(entry(Path.of(file + ":" + (i + 1)), lines.get(i)));
            }
        }
        return new GoldenIndex(directory, entries.build());
    }

    private static Config entry(Path place, String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (!node.isObject()) {
                throw new ModelFormatException(place, "expected a JSON object");
            }
            return Config.of(place, object(node));
        } catch (JacksonException e) {
            throw new ModelFormatException(place, "not JSON: " + e.getOriginalMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(JsonNode node) {
        return JSON.treeToValue(node, LinkedHashMap.class);
    }

    /** The entries of a kind, {@code op}, {@code model} or {@code gguf}, in the order of the file. */
    public ImmutableList<Config> entries(String kind) {
        return entries.stream().filter(e -> e.text("kind").equals(kind)).collect(ImmutableList.toImmutableList());
    }

    /**
     * The recorded calls of ops, in the order of the file.
     *
     * @throws ModelFormatException if an entry lacks something or names a file outside the directory
     */
    public ImmutableList<GoldenCase> ops() {
        return entries("op").stream().map(this::op).collect(ImmutableList.toImmutableList());
    }

    private GoldenCase op(Config entry) {
        return new GoldenCase(
                entry.text("id"),
                entry.text("op"),
                entry.text("family"),
                inside(entry, "file"),
                Config.of(entry.file(), map(entry, "attrs")),
                types(entry, "inputs"),
                types(entry, "outputs"),
                tolerance(entry));
    }

    /** What an entry says of how near a right implementation comes. */
    static Tolerance tolerance(Config entry) {
        Config tolerance = Config.of(entry.file(), map(entry, "tol"));
        return new Tolerance(tolerance.number("atol"), tolerance.number("rtol"));
    }

    /** The path that an entry names under {@code key}, which must stay inside the directory. */
    Path inside(Config entry, String key) {
        return inside(entry, key, entry.text(key));
    }

    /** The path {@code name}, a part of what an entry says under {@code key}. */
    Path inside(Config entry, String key, String name) {
        Path root = directory.toAbsolutePath().normalize();
        Path file = root.resolve(name).normalize();
        if (!file.startsWith(root)) {
            throw entry.bad(key, "a path inside " + root);
        }
        return file;
    }

    private static Map<String, TensorType> types(Config entry, String group) {
        Map<String, TensorType> types = new LinkedHashMap<>();
        Map<String, Object> tensors = map(entry, group);
        for (String name : tensors.keySet()) {
            Config tensor = Config.of(entry.file(), map(Config.of(entry.file(), tensors), name));
            long[] dims = Arrays.stream(tensor.integers("shape")).asLongStream().toArray();
            types.put(name, TensorType.of(dtype(tensor), Shape.of(dims)));
        }
        return types;
    }

    private static DType dtype(Config tensor) {
        String name = tensor.text("dtype");
        try {
            return DType.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw tensor.bad("dtype", "a tensor type such as F32");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Config config, String key) {
        Optional<Object> value = config.find(key);
        if (value.orElse("") instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw config.bad(key, "a JSON object");
    }
}
