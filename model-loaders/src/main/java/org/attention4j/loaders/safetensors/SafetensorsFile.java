package org.attention4j.loaders.safetensors;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.io.ByteReader;
import org.attention4j.loaders.io.MappedFile;
import org.attention4j.loaders.io.TensorTable;

/** One safetensors file, mapped into memory. Immutable and thread-safe. */
public final class SafetensorsFile implements AutoCloseable {
    private final Path path;
    private final SafetensorsHeader header;
    private final TensorTable tensors;
    private final Runnable unmap;

    private SafetensorsFile(Path path, MemorySegment bytes, Runnable unmap) {
        this.path = path;
        this.header = SafetensorsHeader.read(new ByteReader(path, bytes));
        this.tensors = new TensorTable(path);
        this.unmap = unmap;
        for (SafetensorsHeader.Entry e : header.tensors()) {
            long size = e.end() - e.begin();
            tensors.add(
                    new TensorInfo(e.name(), e.typeName(), e.type().flatMap(SafetensorsType::dtype), e.shape(), size),
                    path,
                    bytes.asSlice(header.dataStart() + e.begin(), size));
        }
    }

    /**
     * Maps a file and reads its header.
     *
     * @throws ModelFormatException if it can't be read or is broken
     */
    public static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return new SafetensorsFile(path, file.bytes(), file::close);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Reads a file from memory; {@code path} is its name in error messages. */
    static SafetensorsFile of(Path path, MemorySegment bytes) {
        return new SafetensorsFile(path, bytes, () -> {});
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The strings that the header holds beside the tensors. */
    public Config metadata() {
        return Config.of(path, header.metadata());
    }

    /** All tensors, in the order of the header. */
    public List<TensorInfo> tensors() {
        return tensors.infos();
    }

    /** Whether the file has a tensor of this name. */
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

    /** Unmaps the file. */
    @Override
    public void close() {
        unmap.run();
    }

    TensorTable table() {
        return tensors;
    }
}
