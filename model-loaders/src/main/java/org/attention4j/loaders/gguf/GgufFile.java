package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.io.ByteReader;
import org.attention4j.loaders.io.Extents;
import org.attention4j.loaders.io.Extents.Extent;
import org.attention4j.loaders.io.MappedFile;
import org.attention4j.loaders.io.TensorTable;

/** A GGUF file, mapped into memory: its metadata and tensors under the names in the file. Immutable and thread-safe. */
public final class GgufFile implements AutoCloseable {
    private final Path path;
    private final GgufHeader header;
    private final TensorTable tensors;
    private final Runnable unmap;

    private GgufFile(Path path, MemorySegment bytes, Runnable unmap) {
        this.path = path;
        this.header = GgufHeader.read(new ByteReader(path, bytes));
        this.tensors = locate(path, header, bytes);
        this.unmap = unmap;
    }

    /**
     * Maps a file and reads its header.
     *
     * @throws ModelFormatException if it can't be read or is broken
     */
    public static GgufFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return new GgufFile(path, file.bytes(), file::close);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Reads a file from memory; {@code path} is its name in error messages. */
    static GgufFile of(Path path, MemorySegment bytes) {
        return new GgufFile(path, bytes, () -> {});
    }

    private static TensorTable locate(Path path, GgufHeader header, MemorySegment bytes) {
        List<Extent> extents = new ArrayList<>();
        NavigableSet<Long> begins = new TreeSet<>();
        for (GgufTensor t : header.tensors()) {
            Extent extent = extent(
                    path, t.name(), header.dataStart(), t.offset(), t.bytes().orElse(0));
            extents.add(extent);
            begins.add(extent.begin());
        }
        Extents.check(path, extents, bytes.byteSize());
        TensorTable table = new TensorTable(path);
        for (int i = 0; i < extents.size(); i++) {
            GgufTensor t = header.tensors().get(i);
            long begin = extents.get(i).begin();
            Long next = begins.higher(begin);
            // A tensor of an unknown type reaches to the next one.
            long size = t.bytes().orElse((next == null ? bytes.byteSize() : next) - begin);
            table.add(
                    new TensorInfo(t.name(), t.typeName(), t.type().flatMap(GgmlType::dtype), t.shape(), size),
                    path,
                    bytes.asSlice(begin, size));
        }
        return table;
    }

    private static Extent extent(Path path, String name, long dataStart, long offset, long size) {
        try {
            long begin = Math.addExact(dataStart, offset);
            return new Extent(name, begin, Math.addExact(begin, size));
        } catch (ArithmeticException e) {
            throw new ModelFormatException(
                    path,
                    "tensor %s: the end of %d bytes at offset %d overflows".formatted(quote(name), size, offset),
                    e);
        }
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The version of the format, 2 or 3. */
    public int version() {
        return header.version();
    }

    /** The metadata under the keys in the file, for example {@code general.architecture}. */
    public Config metadata() {
        return Config.of(path, header.metadata());
    }

    /** All tensors, in the order of the file. */
    public List<TensorInfo> tensors() {
        return tensors.infos();
    }

    /** Whether the file has a tensor of this name. */
    public boolean hasTensor(String name) {
        return tensors.has(name);
    }

    /**
     * What the file says about a tensor.
     *
     * @throws ModelFormatException if there is none of this name
     */
    public TensorInfo tensorInfo(String name) {
        return tensors.info(name);
    }

    /**
     * A read-only view of a tensor, valid until {@link #close()}.
     *
     * @throws ModelFormatException if there is none of this name or its type is not supported
     */
    public Tensor tensor(String name) {
        return tensors.tensor(name);
    }

    TensorTable table() {
        return tensors;
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        unmap.run();
    }
}
