package org.attention4j.loaders.gguf;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormat;
import org.attention4j.loaders.ModelFormatException;

/**
 * GGUF files, recognised by name or by their first bytes; parts of models in several files, of which any one is opened; and
 * directories with exactly one model of that name in them.
 */
@AutoService(ModelFormat.class)
public final class GgufFormat implements ModelFormat {
    static final String NAME = "gguf";

    private static final String EXTENSION = ".gguf";
    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String lookedFor() {
        return "a GGUF file (*.gguf)";
    }

    @Override
    public boolean accepts(Path path) {
        return Files.isDirectory(path) ? onlyFile(path).isPresent() : isNamedGguf(path) || hasMagic(path);
    }

    @Override
    public Checkpoint open(Path path) {
        Path file = Files.isDirectory(path)
                ? onlyFile(path)
                        .orElseThrow(() -> new ModelFormatException(
                                path, "expected exactly one *.gguf file in it, or the parts of one"))
                : path;
        GgufParts gguf = GgufParts.open(file);
        try {
            return new GgufCheckpoint(gguf);
        } catch (ModelFormatException e) {
            gguf.close();
            throw e;
        }
    }

    private static Optional<Path> onlyFile(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(GgufFormat::isNamedGguf).sorted().toList();
            return found.stream()
                    .findFirst()
                    .filter(first -> found.size() == 1 || GgufParts.isFirstOf(first, found.size()));
        } catch (IOException e) {
            throw new ModelFormatException(directory, "the directory can't be listed: " + e, e);
        }
    }

    private static boolean isNamedGguf(Path file) {
        return file.toString().endsWith(EXTENSION);
    }

    private static boolean hasMagic(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            throw new ModelFormatException(file, "can't be read: " + e, e);
        }
    }
}
