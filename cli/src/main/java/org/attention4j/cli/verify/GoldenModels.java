package org.attention4j.cli.verify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;

/** The entries of an index that are models. */
final class GoldenModels {
    private final GoldenIndex index;
    private final Map<Path, Config> byReference = new LinkedHashMap<>();

    GoldenModels(GoldenIndex index) {
        this.index = index;
        for (Config entry : index.entries("model")) {
            byReference.put(reference(entry), entry);
        }
    }

    /** The directories in the Hugging Face layout. */
    ImmutableList<GoldenModel> models() {
        return byReference.entrySet().stream()
                .map(e -> model(e.getValue(), index.inside(e.getValue(), "dir"), e.getKey(), e.getValue()))
                .collect(ImmutableList.toImmutableList());
    }

    /** The GGUF files; each holds the weights of one of the directories. */
    ImmutableList<GoldenModel> ggufs() {
        return index.entries("gguf").stream().map(this::gguf).collect(ImmutableList.toImmutableList());
    }

    private GoldenModel gguf(Config entry) {
        // A note may follow the name of the file.
        Path reference =
                index.inside(entry, "reference", entry.text("reference").split(" ", 2)[0]);
        Config weights = byReference.get(reference);
        if (weights == null) {
            throw entry.bad("reference", "the reference.safetensors of a model in the index");
        }
        return model(entry, index.inside(entry, "file"), reference, weights);
    }

    private static GoldenModel model(Config entry, Path path, Path reference, Config weights) {
        double storedError = entry.number("llama_cpp_max_abs_diff_vs_reference", Double.NaN);
        return new GoldenModel(
                entry.text("id"),
                weights.text("name"),
                path,
                reference,
                ImmutableIntArray.copyOf(weights.integers("greedy")),
                GoldenIndex.tolerance(weights),
                Double.isNaN(storedError) ? OptionalDouble.empty() : OptionalDouble.of(storedError));
    }

    private Path reference(Config entry) {
        Path directory = index.inside(entry, "dir");
        Path file = directory.resolve("reference.safetensors");
        if (byReference.containsKey(file)) {
            throw new ModelFormatException(entry.file(), "two entries for " + directory);
        }
        return file;
    }
}
