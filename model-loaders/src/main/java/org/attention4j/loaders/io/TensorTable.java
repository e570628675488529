package org.attention4j.loaders.io;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.UnsupportedModelException;

/** The tensors of mapped files by name, in the order of the files. Filled once by a reader. */
public final class TensorTable {
    private record Entry(TensorInfo info, Path file, MemorySegment data) {}

    private final Path owner;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** An empty table of {@code owner}, the file or directory that errors about missing tensors name. */
    public TensorTable(Path owner) {
        this.owner = owner;
    }

    /**
     * Adds a tensor whose bytes are {@code data}, a part of {@code file}.
     *
     * @throws ModelFormatException if there already is one of this name
     */
    public void add(TensorInfo info, Path file, MemorySegment data) {
        if (entries.putIfAbsent(info.name(), new Entry(info, file, data)) != null) {
            throw new ModelFormatException(file, "duplicate tensor " + quote(info.name()));
        }
    }

    /** Adds tensor {@code name} of another table. */
    public void addFrom(TensorTable other, String name) {
        Entry entry = other.entry(name);
        add(entry.info, entry.file, entry.data);
    }

    /** Whether there is a tensor of this name. */
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** All tensors. */
    public List<TensorInfo> infos() {
        return entries.values().stream().map(Entry::info).toList();
    }

    /**
     * What the file says about a tensor.
     *
     * @throws ModelFormatException if there is none of this name
     */
    public TensorInfo info(String name) {
        return entry(name).info;
    }

    /**
     * A view of a tensor.
     *
     * @throws ModelFormatException if there is none of this name or its type is not supported
     */
    public Tensor tensor(String name) {
        Entry entry = entry(name);
        TensorInfo info = entry.info;
        DType dtype = info.dtype()
                .orElseThrow(() -> new UnsupportedModelException(
                        entry.file,
                        "tensor %s has type %s, which is not supported".formatted(quote(name), info.type())));
        return Tensor.of(dtype, info.shape(), entry.data.asReadOnly());
    }

    /**
     * A view of a tensor's bytes, also of a type that is not supported.
     *
     * @throws ModelFormatException if there is none of this name
     */
    public MemorySegment bytes(String name) {
        return entry(name).data.asReadOnly();
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new ModelFormatException(
                    owner, "no tensor %s among its %d tensors".formatted(quote(name), entries.size()));
        }
        return entry;
    }
}
