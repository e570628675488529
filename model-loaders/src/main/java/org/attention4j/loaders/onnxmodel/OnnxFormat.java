package org.attention4j.loaders.onnxmodel;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormat;
import org.attention4j.loaders.ModelFormatException;

/**
 * ONNX files, or a directory that has one and no weights of another format: as optimum, genai and transformers.js lay them out, the
 * latter in a folder {@code onnx}.
 */
@AutoService(ModelFormat.class)
public final class OnnxFormat implements ModelFormat {
    static final String NAME = "onnx";

    /** In the order in which they are looked for: those with a cache for all runs first. */
    private static final List<String> NAMES = List.of("decoder_model_merged.onnx", "model.onnx", "decoder_model.onnx");

    private static final List<String> OTHER_WEIGHTS = List.of("model.safetensors", "model.safetensors.index.json");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String lookedFor() {
        return "an ONNX file (*.onnx)";
    }

    @Override
    public boolean accepts(Path path) {
        if (!Files.isDirectory(path)) {
            return path.toString().endsWith(".onnx");
        }
        return OTHER_WEIGHTS.stream().noneMatch(w -> Files.exists(path.resolve(w)))
                && find(path).isPresent();
    }

    @Override
    public Checkpoint open(Path path) {
        return checkpoint(path);
    }

    /** Of a file, or of the one that a directory has. */
    static OnnxCheckpoint checkpoint(Path path) {
        return OnnxCheckpoint.open(Files.isDirectory(path) ? find(path).orElse(path) : path);
    }

    /** The model of a directory: of a known name, or the only one. */
    private static Optional<Path> find(Path directory) {
        return Stream.of(directory, directory.resolve(NAME))
                .filter(Files::isDirectory)
                .map(OnnxFormat::inside)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Path> inside(Path directory) {
        try (Stream<Path> list = Files.list(directory)) {
            List<Path> files =
                    list.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
            return NAMES.stream()
                    .map(directory::resolve)
                    .filter(files::contains)
                    .findFirst()
                    .or(() -> files.size() == 1 ? Optional.of(files.getFirst()) : Optional.empty());
        } catch (IOException e) {
            throw new ModelFormatException(directory, "the directory can't be listed: " + e, e);
        }
    }
}
