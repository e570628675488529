package org.attention4j.loaders.safetensors;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.Json;

/** An index file, which says for each tensor of a model in which file (shard) it is. */
final class SafetensorsIndex {
    private static final String WEIGHT_MAP = "weight_map";
    private static final long LARGEST_INDEX = 1 << 26;

    private SafetensorsIndex() {}

    /**
     * Reads an index.
     *
     * @return each tensor's shard, an existing file in the index's directory
     * @throws ModelFormatException if the index is broken, or a shard is missing or outside the directory
     */
    static Map<String, Path> read(Path index) {
        Map<String, Path> shardByTensor = new LinkedHashMap<>();
        Map<String, Path> shardByName = new LinkedHashMap<>();
        Json.readObject(index, LARGEST_INDEX, (key, value) -> {
            if (!key.equals(WEIGHT_MAP)) {
                value.skipChildren();
                return;
            }
            Json.members(index, WEIGHT_MAP, value, (tensor, v) -> {
                String name = Json.string(index, "the shard of tensor " + quote(tensor), v);
                shardByTensor.put(tensor, shardByName.computeIfAbsent(name, n -> resolve(index, n, tensor)));
            });
        });
        if (shardByTensor.isEmpty()) {
            throw new ModelFormatException(index, "%s names no tensor".formatted(quote(WEIGHT_MAP)));
        }
        return shardByTensor;
    }

    private static Path resolve(Path index, String name, String tensor) {
        Path directory = index.toAbsolutePath().normalize().getParent();
        Path shard = parse(index, name, tensor);
        if (directory == null
                || shard.isAbsolute()
                || !directory.resolve(shard).normalize().startsWith(directory)) {
            throw outside(index, name, tensor);
        }
        Path file = directory.resolve(shard);
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(
                    index, "shard %s with tensor %s is missing".formatted(quote(name), quote(tensor)));
        }
        try {
            if (!isOwn(directory.toRealPath(), file.toRealPath())) {
                throw outside(index, name, tensor);
            }
        } catch (IOException e) {
            throw new ModelFormatException(index, "shard %s can't be read: %s".formatted(quote(name), e), e);
        }
        return file;
    }

    private static Path parse(Path index, String name, String tensor) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new ModelFormatException(
                    index, "shard %s of tensor %s is not a file name".formatted(quote(name), quote(tensor)), e);
        }
    }

    /**
     * Whether a file, symbolic links resolved, lies in the directory. The hub's cache keeps a model's directory as links to
     * {@code ../../blobs}, which belong to it.
     */
    private static boolean isOwn(Path directory, Path file) {
        Path parent = directory.getParent();
        return file.startsWith(directory)
                || (parent != null && parent.endsWith("snapshots") && file.startsWith(parent.resolveSibling("blobs")));
    }

    private static ModelFormatException outside(Path index, String name, String tensor) {
        return new ModelFormatException(
                index, "shard %s of tensor %s is outside the index's directory".formatted(quote(name), quote(tensor)));
    }
}
