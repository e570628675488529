package org.attention4j;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Models on the class path: {@code /org/attention4j/models/NAME.gguf}, or a directory {@code /org/attention4j/models/NAME} in the
 * Hugging Face layout.
 */
final class BuiltinModels {
    static final String PREFIX = "builtin:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final String FOLDER = "/org/attention4j/models/";

    /** The file that a directory must have. */
    private static final String CONFIG = "config.json";

    /** What else of a directory is used: nothing lists what a directory of the class path holds. */
    private static final List<String> OTHERS = List.of(
            "generation_config.json",
            "model.safetensors",
            "model.onnx",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");

    private static final Map<String, Path> FOUND = new ConcurrentHashMap<>();

    private BuiltinModels() {}

    /**
     * The path of the model of that name.
     *
     * @throws IllegalArgumentException if it is no name, or there is no such model
     */
    static Path find(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s got the name '%s', expected letters, digits and . _ -".formatted(PREFIX, name));
        }
        return FOUND.computeIfAbsent(name, BuiltinModels::findNew);
    }

    private static Path findNew(String name) {
        URL file = BuiltinModels.class.getResource(FOLDER + name + ".gguf");
        if (file != null) {
            return locate(name, file);
        }
        URL config = BuiltinModels.class.getResource(FOLDER + name + "/" + CONFIG);
        if (config != null) {
            return locateDirectory(name, config);
        }
        Set<String> known = BuiltinNames.list(FOLDER, CONFIG);
        throw new IllegalArgumentException(PREFIX
                + name
                + (known.isEmpty()
                        ? ": the class path has no %s%s.gguf and no %s/%s beside it, expected a jar with one such as attention4j-examples"
                                .formatted(FOLDER, name, name, CONFIG)
                        : ": the class path has no such model, expected one of " + String.join(", ", known)));
    }

    /** A text in which the paths of models that were found are their names again. */
    static String withNames(String text) {
        String named = text;
        for (Map.Entry<String, Path> found : FOUND.entrySet()) {
            named = named.replace(found.getValue().toString(), PREFIX + found.getKey());
        }
        return named;
    }

    /** The file at {@code url}, or a copy of it if it is inside a jar. */
    static Path locate(String name, URL url) {
        try {
            if (isFile(url)) {
                return Path.of(URI.create(url.toString()));
            }
            Path file = Files.createTempFile("attention4j-" + name + "-", ".gguf");
            file.toFile().deleteOnExit();
            copy(url, file);
            return file;
        } catch (IOException e) {
            throw notCopied(name, e);
        }
    }

    /** The directory that has {@code config}, or a copy of it if that is inside a jar. */
    static Path locateDirectory(String name, URL config) {
        if (isFile(config)) {
            return Path.of(URI.create(config.toString())).resolveSibling("");
        }
        try {
            // A directory of its own around it, so that the model's own name is the path's last.
            Path around = Files.createTempDirectory("attention4j-");
            Path directory = Files.createDirectory(around.resolve(name));
            // Deleted in the reverse order of these requests, so both are empty by then.
            around.toFile().deleteOnExit();
            directory.toFile().deleteOnExit();
            try (InputStream in = config.openStream()) {
                write(in, directory, CONFIG);
            }
            for (String file : OTHERS) {
                copyIfThere(sibling(config, file), directory, file);
            }
            return directory;
        } catch (IOException e) {
            throw notCopied(name, e);
        }
    }

    private static URL sibling(URL config, String file) throws IOException {
        String text = config.toString();
        return URI.create(text.substring(0, text.length() - CONFIG.length()) + file)
                .toURL();
    }

    private static void copyIfThere(URL url, Path directory, String name) throws IOException {
        try (InputStream in = url.openStream()) {
            write(in, directory, name);
        } catch (FileNotFoundException e) {
            return; // What a jar lacks is not needed.
        }
    }

    private static boolean isFile(URL url) {
        return url.getProtocol().equals("file");
    }

    private static void write(InputStream in, Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        file.toFile().deleteOnExit();
        Files.copy(in, file);
    }

    private static void copy(URL url, Path file) throws IOException {
        try (InputStream in = url.openStream()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static UncheckedIOException notCopied(String name, IOException e) {
        return new UncheckedIOException(
                "%s%s: can't be copied to a temporary file: %s".formatted(PREFIX, name, e.getMessage()), e);
    }
}
