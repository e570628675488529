package org.attention4j.loaders.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.io.TensorTable;

/**
 * A model in one GGUF file, or in several that are named {@code NAME-00001-of-00003.gguf} and so on: the first one has the
 * metadata, each has some of the tensors. Immutable and thread-safe.
 */
final class GgufParts implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final String COUNT = "split.count";
    private static final String NUMBER = "split.no";
    private static final String TENSORS = "split.tensors.count";
    private static final int MOST_NAMED = 4;

    private final Path path;
    private final List<GgufFile> files;
    private final TensorTable tensors;

    private GgufParts(Path path, List<GgufFile> files) {
        this.path = path;
        this.files = List.copyOf(files);
        this.tensors = new TensorTable(path);
        for (GgufFile file : files) {
            file.tensors().forEach(t -> tensors.addFrom(file.table(), t.name()));
        }
        int expected = metadata().integer(TENSORS, tensors().size());
        if (expected != tensors().size()) {
            throw new ModelFormatException(
                    path,
                    "%d tensors in all parts, expected %d".formatted(tensors().size(), expected));
        }
    }

    /** A model that is whole in one file. */
    static GgufParts of(GgufFile file) {
        int count = count(file);
        if (count > 1) {
            throw new ModelFormatException(file.path(), "one of %d parts, expected a whole model".formatted(count));
        }
        return new GgufParts(file.path(), List.of(file));
    }

    private static int count(GgufFile file) {
        return file.metadata().integer(COUNT, 1);
    }

    /**
     * Opens a file, and if it is a part of a model, the others too.
     *
     * @throws ModelFormatException if one can't be read or is broken, or is none of this model, or some are missing
     */
    static GgufParts open(Path path) {
        List<GgufFile> opened = new ArrayList<>();
        try {
            GgufFile given = GgufFile.open(path);
            opened.add(given);
            int count = count(given);
            if (count <= 1) {
                return new GgufParts(path, opened);
            }
            List<Path> paths = paths(path, count);
            given.close();
            opened.clear();
            for (int i = 0; i < count; i++) {
                opened.add(GgufFile.open(paths.get(i)));
                requirePart(opened.getLast(), i, count);
            }
            return new GgufParts(path, opened);
        } catch (RuntimeException e) {
            opened.forEach(GgufFile::close);
            throw e;
        }
    }

    private static List<Path> paths(Path path, int count) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        if (!name.matches() || Integer.parseInt(name.group(3)) != count) {
            throw new ModelFormatException(
                    path,
                    "one of %d parts of a model, expected a name such as NAME-00001-of-%05d.gguf"
                            .formatted(count, count));
        }
        List<Path> paths = IntStream.rangeClosed(1, count)
                .mapToObj(i -> path.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name.group(1), i, count)))
                .toList();
        List<String> missing = paths.stream()
                .filter(p -> !Files.exists(p))
                .map(p -> String.valueOf(p.getFileName()))
                .toList();
        if (!missing.isEmpty()) {
            throw new ModelFormatException(
                    path,
                    "%d of the model's %d parts are missing: %s%s"
                            .formatted(
                                    missing.size(),
                                    count,
                                    String.join(", ", missing.subList(0, Math.min(MOST_NAMED, missing.size()))),
                                    missing.size() > MOST_NAMED ? ", …" : ""));
        }
        return paths;
    }

    private static void requirePart(GgufFile file, int number, int count) {
        if (file.metadata().integer(NUMBER) != number || count(file) != count) {
            throw new ModelFormatException(
                    file.path(),
                    "part %d of %d by its metadata, expected %d of %d"
                            .formatted(file.metadata().integer(NUMBER) + 1L, count(file), number + 1, count));
        }
    }

    /** Whether a file is named like the first part of a model in as many parts as there are files. */
    static boolean isFirstOf(Path file, int files) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        return name.matches() && Integer.parseInt(name.group(2)) == 1 && Integer.parseInt(name.group(3)) == files;
    }

    /** The file that was opened. */
    Path path() {
        return path;
    }

    /** The metadata of the first file. */
    Config metadata() {
        return files.getFirst().metadata();
    }

    /** All tensors, in the order of the files. */
    List<TensorInfo> tensors() {
        return tensors.infos();
    }

    /** Whether a file has a tensor of this name. */
    boolean hasTensor(String name) {
        return tensors.has(name);
    }

    /** {@link GgufFile#tensorInfo}. */
    TensorInfo tensorInfo(String name) {
        return tensors.info(name);
    }

    /** {@link GgufFile#tensor}. */
    Tensor tensor(String name) {
        return tensors.tensor(name);
    }

    /** Unmaps the files. */
    @Override
    public void close() {
        files.forEach(GgufFile::close);
    }
}
