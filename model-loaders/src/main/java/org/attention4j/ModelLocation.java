package org.attention4j;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a model is, as users write it: the path of a file or directory, also of a folder of Hugging Face's cache; {@code
 * ORG/NAME} or {@code ORG/NAME:PART} for a model that Hugging Face's or llama.cpp's cache has, and the name of a file in the
 * latter; or {@code builtin:NAME} for a model on the class path, the resource {@code /org/attention4j/models/NAME.gguf} or the
 * directory {@code /org/attention4j/models/NAME} in the Hugging Face layout.
 */
public final class ModelLocation {
    private ModelLocation() {}

    /**
     * The path of the model. A model inside a jar is copied, once per process, to a new temporary file or directory that only this
     * user can read; it is deleted when the process ends.
     *
     * @throws IllegalArgumentException if the name is not one, there is no such model on the class path or in a cache, or a
     *     directory has several
     */
    public static Path resolve(String location) {
        return location.startsWith(BuiltinModels.PREFIX)
                ? BuiltinModels.find(location.substring(BuiltinModels.PREFIX.length()))
                : find(location, ModelCaches.of(System.getenv(), Path.of(System.getProperty("user.home", "."))));
    }

    /** A text, such as a message, in which {@code builtin:NAME} is in place of where such a model was found. */
    public static String withNames(String text) {
        return BuiltinModels.withNames(text);
    }

    /** A path if there is something, else a model of another tool's cache. */
    static Path find(String location, ModelCaches caches) {
        Path path = Path.of(location);
        return Files.exists(path)
                ? ModelCaches.resolve(path)
                : caches.find(location).orElse(path);
    }
}
