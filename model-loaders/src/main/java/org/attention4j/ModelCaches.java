package org.attention4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attention4j.loaders.ModelFormatException;

/**
 * Models that other tools have downloaded: Hugging Face's cache, with a folder {@code models--ORG--NAME} for each, and
 * llama.cpp's, with files {@code ORG_NAME_FILE.gguf}. Nothing is downloaded here.
 *
 * @param huggingFace the folder with the {@code models--} folders
 * @param llamaCpp the folder with the files
 */
record ModelCaches(Path huggingFace, Path llamaCpp) {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][\\w.-]*)/([\\w.-]+)(?::([\\w.-]+))?");
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final String GGUF = ".gguf";
    private static final int LISTED = 20;

    /** Where environment variables say that they are, and else the tools' defaults. */
    static ModelCaches of(Map<String, String> environment, Path home) {
        Path cache = Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
                .map(Path::of)
                .orElse(home.resolve(".cache"));
        Path hub = Stream.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
                .flatMap(key -> Stream.ofNullable(environment.get(key)))
                .findFirst()
                .map(Path::of)
                .orElseGet(() -> Optional.ofNullable(environment.get("HF_HOME"))
                        .map(Path::of)
                        .orElse(cache.resolve("huggingface"))
                        .resolve("hub"));
        Path llama = Optional.ofNullable(environment.get("LLAMA_CACHE"))
                .map(Path::of)
                .orElse(cache.resolve("llama.cpp"));
        return new ModelCaches(hub, llama);
    }

    /**
     * The model that a cache has under {@code ORG/NAME}, {@code ORG/NAME:PART} where a part of a file's name chooses among GGUF
     * files, or under the name of a file in llama.cpp's cache; empty if the text is no such name.
     *
     * @throws IllegalArgumentException if it is one, but no cache has the model, or several files of it
     */
    Optional<Path> find(String name) {
        Path file = llamaCpp.resolve(name);
        if (name.endsWith(GGUF)) {
            return name.contains("/") || !Files.isRegularFile(file) ? Optional.empty() : Optional.of(file);
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<String> part = Optional.ofNullable(matcher.group(3));
        Path repository = huggingFace.resolve("models--" + matcher.group(1) + "--" + matcher.group(2));
        if (Files.isDirectory(repository)) {
            return Optional.of(part.isPresent() ? choose(name, snapshot(repository), "", part) : resolve(repository));
        }
        String prefix = matcher.group(1) + "_" + matcher.group(2) + "_";
        if (ggufFiles(llamaCpp).stream().anyMatch(f -> fileName(f).startsWith(prefix))) {
            return Optional.of(choose(name, llamaCpp, prefix, part));
        }
        throw new IllegalArgumentException(
                "%s: no such file or directory; looked for it as a model, too, in %s and %s (models are not downloaded)"
                        .formatted(name, huggingFace, llamaCpp));
    }

    /**
     * The model in a file or directory: of a folder of Hugging Face's cache its snapshot, of a directory with one model in GGUF
     * files these.
     *
     * @throws IllegalArgumentException if a directory has several GGUF files that are not parts of one
     */
    static Path resolve(Path path) {
        if (!Files.isDirectory(path)) {
            return path;
        }
        Path directory = Files.isDirectory(path.resolve("snapshots")) ? snapshot(path) : path;
        boolean hasOther = Files.exists(directory.resolve("config.json"));
        List<Path> files = ggufFiles(directory);
        return hasOther || files.size() < 2 ? directory : only(directory.toString(), files);
    }

    /** The snapshot that {@code refs/main} names, or the only one. */
    private static Path snapshot(Path repository) {
        Path snapshots = repository.resolve("snapshots");
        Path main = repository.resolve("refs").resolve("main");
        try {
            if (Files.isRegularFile(main)) {
                Path snapshot =
                        snapshots.resolve(Files.readString(main).strip()).normalize();
                if (snapshot.startsWith(snapshots.normalize()) && Files.isDirectory(snapshot)) {
                    return snapshot;
                }
            }
            try (Stream<Path> all = Files.list(snapshots)) {
                List<Path> found = all.filter(Files::isDirectory).sorted().toList();
                if (found.size() == 1) {
                    return found.getFirst();
                }
                throw new IllegalArgumentException("%s has %d snapshots and none that refs/main names, expected one: %s"
                        .formatted(repository, found.size(), names(found)));
            }
        } catch (IOException e) {
            throw new ModelFormatException(repository, "can't be read: " + e, e);
        }
    }

    private static Path choose(String name, Path directory, String prefix, Optional<String> part) {
        String wanted = part.orElse("").toLowerCase(Locale.ROOT);
        List<Path> files = ggufFiles(directory).stream()
                .filter(f -> fileName(f).startsWith(prefix))
                .toList();
        List<Path> chosen = files.stream()
                .filter(f -> fileName(f).toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("%s: no such GGUF file in %s, expected one of %s"
                    .formatted(name, directory, files.isEmpty() ? "none" : names(files)));
        }
        return only(name, chosen);
    }

    /** The only file, or the first of the parts of one. */
    private static Path only(String where, List<Path> files) {
        Path first = files.getFirst();
        Matcher part = PART.matcher(fileName(first));
        boolean parts = part.matches()
                && files.size() == Integer.parseInt(part.group(3))
                && files.stream().allMatch(f -> fileName(f).startsWith(part.group(1) + "-"));
        if (files.size() > 1 && !parts) {
            throw new IllegalArgumentException(
                    "%s has several GGUF files, expected the name of one: %s".formatted(where, names(files)));
        }
        return first;
    }

    private static List<Path> ggufFiles(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> fileName(f).endsWith(GGUF)).sorted().toList();
        } catch (IOException e) {
            throw new ModelFormatException(directory, "the directory can't be listed: " + e, e);
        }
    }

    private static String names(List<Path> files) {
        String shown = files.stream().limit(LISTED).map(ModelCaches::fileName).collect(Collectors.joining(", "));
        return files.size() > LISTED ? shown + ", …" : shown;
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }
}
