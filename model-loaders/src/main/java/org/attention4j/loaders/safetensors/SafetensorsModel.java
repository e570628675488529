package org.attention4j.loaders.safetensors;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.io.TensorTable;

/** All tensors of a model in one safetensors file or in several that an index joins. Immutable and thread-safe. */
public final class SafetensorsModel implements AutoCloseable {
    private final Map<Path, SafetensorsFile> shards;
    private final TensorTable tensors;

    private SafetensorsModel(Map<Path, SafetensorsFile> shards, TensorTable tensors) {
        this.shards = shards;
        this.tensors = tensors;
    }

    /**
     * Reads a model from memory.
     *
     * @param path its name in error messages
     * @throws ModelFormatException if it is broken
     */
    public static SafetensorsModel of(Path path, MemorySegment bytes) {
        SafetensorsFile file = SafetensorsFile.of(path, bytes);
        return new SafetensorsModel(Map.of(path, file), file.table());
    }

    /**
     * Opens a model in one file.
     *
     * @throws ModelFormatException if it can't be read or is broken
     */
    public static SafetensorsModel openFile(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        return new SafetensorsModel(Map.of(path, file), file.table());
    }

    /**
     * Opens a model in the files that an index names.
     *
     * @param index usually {@code model.safetensors.index.json}
     * @throws ModelFormatException if the index or a shard can't be read or is broken, or a shard lacks a tensor that the
     *     index says is in it
     */
    public static SafetensorsModel openIndex(Path index) {
        Map<String, Path> shardByTensor = SafetensorsIndex.read(index);
        Map<Path, SafetensorsFile> shards = new LinkedHashMap<>();
        try {
            TensorTable tensors = new TensorTable(index);
            shardByTensor.forEach((tensor, path) -> {
                SafetensorsFile shard = shards.computeIfAbsent(path, SafetensorsFile::open);
                if (!shard.hasTensor(tensor)) {
                    throw new ModelFormatException(
                            index, "tensor %s is not in shard %s".formatted(quote(tensor), path.getFileName()));
                }
                tensors.addFrom(shard.table(), tensor);
            });
            return new SafetensorsModel(shards, tensors);
        } catch (RuntimeException e) {
            shards.values().forEach(SafetensorsFile::close);
            throw e;
        }
    }

    /** The strings that the first file's header holds beside the tensors. */
    public Config metadata() {
        return shards.values().iterator().next().metadata();
    }

    /** All tensors, in the order of the file or the index. */
    public List<TensorInfo> tensors() {
        return tensors.infos();
    }

    /** Whether the model has a tensor of this name. */
    public boolean hasTensor(String name) {
        return tensors.has(name);
    }

    /**
     * A read-only view of a tensor, valid until {@link #close()}.
     *
     * @throws ModelFormatException if there is none of this name or its type is not supported
     */
    public Tensor tensor(String name) {
        return tensors.tensor(name);
    }

    /**
     * A read-only view of a tensor's bytes, also of a type that is not supported, valid until {@link #close()}.
     *
     * @throws ModelFormatException if there is none of this name
     */
    public MemorySegment bytes(String name) {
        return tensors.bytes(name);
    }

    /** Unmaps all files. */
    @Override
    public void close() {
        shards.values().forEach(SafetensorsFile::close);
    }
}
