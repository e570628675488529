package org.attention4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Where a model is, as users write it: the path of a file or directory, also of a folder of Hugging Face's cache; {@code
 * ORG/NAME} or {@code ORG/NAME:PART} for a model that Hugging Face's or llama.cpp's cache has, and the name of a file in the
 * latter; or {@code builtin:NAME} for a model on the class path, the resource {@code /org/attention4j/models/NAME.gguf}.
 */
public final class ModelLocation {
    private static final String BUILTIN = "builtin:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Map<String, Path> EXTRACTED = new ConcurrentHashMap<>();

    private ModelLocation() {}

    /**
     * The path of the model. A model inside a jar is copied, once per process, to a new temporary file that only this user can
     * read; it is deleted when the process ends.
     *
     * @throws IllegalArgumentException if the name is not one, there is no such model on the class path or in a cache, or a
     *     directory has several
     */
    public static Path resolve(String location) {
        if (!location.startsWith(BUILTIN)) {
            return find(location, ModelCaches.of(System.getenv(), Path.of(System.getProperty("user.home", "."))));
        }
        String name = location.substring(BUILTIN.length());
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s got the name '%s', expected letters, digits and . _ -".formatted(BUILTIN, name));
        }
        return EXTRACTED.computeIfAbsent(name, ModelLocation::find);
    }

    /** A path if there is something, else a model of another tool's cache. */
    static Path find(String location, ModelCaches caches) {
        Path path = Path.of(location);
        return Files.exists(path)
                ? ModelCaches.resolve(path)
                : caches.find(location).orElse(path);
    }

    private static Path find(String name) {
        String resource = "/org/attention4j/models/" + name + ".gguf";
        URL url = ModelLocation.class.getResource(resource);
        if (url == null) {
            throw new IllegalArgumentException(
                    "%s%s: the class path has no %s, expected a jar with it such as attention4j-examples"
                            .formatted(BUILTIN, name, resource));
        }
        return locate(name, url);
    }

    /** The file at {@code url}, or a copy of it if it is inside a jar. */
    static Path locate(String name, URL url) {
        try {
            return url.getProtocol().equals("file") ? Path.of(URI.create(url.toString())) : extract(name, url);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s%s: can't be copied to a temporary file: %s".formatted(BUILTIN, name, e.getMessage()), e);
        }
    }

    private static Path extract(String name, URL url) throws IOException {
        Path file = Files.createTempFile("attention4j-" + name + "-", ".gguf");
        file.toFile().deleteOnExit();
        try (InputStream in = url.openStream()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
