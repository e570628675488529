package org.attention4j.loaders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Opens models of any format on the class path. */
public final class ModelFormats {
    private static final int LISTED_FILES = 10;

    private ModelFormats() {}

    /** All formats, sorted by name. */
    public static List<ModelFormat> all() {
        return ServiceLoader.load(ModelFormat.class, ModelFormats.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(ModelFormat::name))
                .toList();
    }

    /**
     * Opens a model file or directory with the first format that accepts it.
     *
     * @throws ModelFormatException if no format accepts it, or the one that does finds it broken
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw new ModelFormatException(path, "no such file or directory");
        }
        List<ModelFormat> formats = all();
        for (ModelFormat format : formats) {
            if (format.accepts(path)) {
                return format.open(path);
            }
        }
        String lookedFor = formats.stream().map(ModelFormat::lookedFor).collect(Collectors.joining(", or "));
        throw new ModelFormatException(path, "not a model; looked for %s%s".formatted(lookedFor, found(path)));
    }

    private static String found(Path path) {
        if (!Files.isDirectory(path)) {
            return "";
        }
        try (Stream<Path> files = Files.list(path)) {
            List<String> names = files.map(f -> f.getFileName().toString())
                    .sorted()
                    .limit(LISTED_FILES + 1L)
                    .toList();
            String shown = names.stream().limit(LISTED_FILES).collect(Collectors.joining(", "));
            return "; the directory holds " + (names.isEmpty() ? "nothing" : shown)
                    + (names.size() > LISTED_FILES ? ", …" : "");
        } catch (IOException e) {
            throw new ModelFormatException(path, "the directory can't be listed: " + e, e);
        }
    }
}
