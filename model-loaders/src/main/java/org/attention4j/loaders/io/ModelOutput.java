package org.attention4j.loaders.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.attention4j.loaders.TensorData;

/**
 * A model file being written. The bytes go to a temporary file beside the target, which takes the target's name in
 * {@link #commit}; closing without that leaves no file behind, so nobody ever reads half a model.
 */
public final class ModelOutput implements AutoCloseable {
    private static final int LARGEST_PIECE = 1 << 26;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    private ModelOutput(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Starts to write {@code target}. */
    public static ModelOutput create(Path target) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".part");
        FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        return new ModelOutput(target, temporary, channel);
    }

    /** Appends bytes. */
    public void write(MemorySegment bytes) throws IOException {
        for (long done = 0; done < bytes.byteSize(); done += LARGEST_PIECE) {
            ByteBuffer piece = bytes.asSlice(done, Math.min(LARGEST_PIECE, bytes.byteSize() - done))
                    .asByteBuffer();
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        }
    }

    /** Appends bytes. */
    public void write(byte[] bytes) throws IOException {
        write(MemorySegment.ofArray(bytes));
    }

    /** Appends zeros up to a multiple of {@code alignment} bytes. */
    public void pad(int alignment) throws IOException {
        write(new byte[(int) Math.floorMod(-channel.position(), (long) alignment)]);
    }

    /**
     * Appends a tensor.
     *
     * @throws IllegalStateException if {@code data} writes another number of bytes than {@code size}
     */
    public void write(String name, long size, TensorData data) throws IOException {
        long begin = channel.position();
        data.writeTo(this::write);
        long written = channel.position() - begin;
        if (written != size) {
            throw new IllegalStateException(
                    "tensor '%s': %d bytes were written, expected %d".formatted(name, written, size));
        }
    }

    /** Completes the file and gives it its name, replacing a file that has it. */
    public void commit() throws IOException {
        channel.close();
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
