package org.attention4j.onnx.file;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * Writes the bytes of tensors one after the other into a side file. Each {@code write} answers the {@code TensorProto} that
 * refers to its bytes. Tensors begin at multiples of an alignment, so that a reader can map them. Sizes and offsets are
 * 64-bit: the file may be of any size.
 *
 * <p>Not thread-safe.
 */
public final class ExternalDataWriter implements Closeable {
    /** A page on every common machine: readers map whole pages. */
    public static final int PAGE = 4096;

    private static final int BUFFER_BYTES = 1 << 20;

    /** Linux keeps together what was written at once: touching one page of it in a mapping brings all of it into memory. */
    private static final int LARGEST_WRITE = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final int alignment;
    private long position;

    /** Where bytes that are made while they are written come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * Fills {@code target} with the tensor's bytes from {@code offset} on.
         *
         * @param offset a multiple of the chunk size given to {@code write}
         * @param target a chunk's size, less at the tensor's end
         */
        void read(long offset, MemorySegment target) throws IOException;
    }

    private ExternalDataWriter(Path file, FileChannel channel, int alignment) {
        this.file = file;
        this.channel = channel;
        this.alignment = alignment;
    }

    /**
     * Creates (or replaces) a side file. It has to lie in the folder of the model that will refer to it.
     *
     * @param alignment bytes; a power of two, {@link #PAGE} for large tensors
     */
    public static ExternalDataWriter create(Path file, int alignment) throws IOException {
        if (Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("alignment %d is not a power of two".formatted(alignment));
        }
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        return new ExternalDataWriter(file, channel, alignment);
    }

    /**
     * Appends a tensor.
     *
     * @param data its bytes, row-major and little-endian
     * @throws IllegalArgumentException if {@code data} has not the size that type and dimensions ask for
     */
    public TensorProto write(String name, DataType type, long[] dims, MemorySegment data) throws IOException {
        long length = TensorSize.bytes(type, dims);
        if (data.byteSize() != length) {
            throw new IllegalArgumentException(
                    "tensor '%s': %d bytes given, expected %d".formatted(name, data.byteSize(), length));
        }
        return write(
                name,
                type,
                dims,
                BUFFER_BYTES,
                (offset, target) -> MemorySegment.copy(data, offset, target, 0, target.byteSize()));
    }

    /**
     * Appends a tensor whose bytes are made chunk by chunk, so that they are never in memory all at once.
     *
     * @param chunkBytes the size of the chunks that {@code source} is asked for
     */
    public TensorProto write(String name, DataType type, long[] dims, int chunkBytes, Source source)
            throws IOException {
        long length = TensorSize.bytes(type, dims);
        // A tensor without elements must not point behind the file's end.
        long offset = length == 0 ? position : align(position);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.clamp(length, 1, chunkBytes));
            for (long done = 0; done < length; done += buffer.byteSize()) {
                MemorySegment chunk = buffer.asSlice(0, Math.min(buffer.byteSize(), length - done));
                source.read(done, chunk);
                writeFully(chunk.asByteBuffer(), offset + done);
            }
        }
        position = offset + length;
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        new ExternalData(file.getFileName().toString(), offset, length).setIn(tensor);
        return tensor.build();
    }

    private long align(long bytes) {
        return Math.ceilDiv(bytes, (long) alignment) * alignment;
    }

    private void writeFully(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + LARGEST_WRITE));
            to += channel.write(bytes, to);
        }
    }

    /** The side file. */
    public Path file() {
        return file;
    }

    /** Bytes written so far, with the gaps between tensors. */
    public long size() {
        return position;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
