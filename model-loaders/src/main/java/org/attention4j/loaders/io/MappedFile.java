package org.attention4j.loaders.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.attention4j.loaders.ModelFormatException;

/** A whole file mapped read-only into memory, of any size. Pages are read when they are touched. */
public final class MappedFile implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Path path, Arena arena, MemorySegment bytes) {
        this.path = path;
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * Maps a file.
     *
     * @throws ModelFormatException if it is missing, not a regular file (reading a pipe or device might never end), or
     *     can't be read
     */
    public static MappedFile open(Path path) {
        if (!Files.exists(path)) {
            throw new ModelFormatException(path, "no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new ModelFormatException(path, "not a regular file");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            arena.close();
            throw new ModelFormatException(path, "can't be read: " + e, e);
        }
    }

    /** The file that was opened. */
    public Path path() {
        return path;
    }

    /** The file's contents, valid until {@link #close()}. */
    public MemorySegment bytes() {
        return bytes;
    }

    /** Unmaps the file. Closing again does nothing. */
    @Override
    public void close() {
        if (bytes.scope().isAlive()) {
            arena.close();
        }
    }
}
