package org.attention4j.onnx.emit;

import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.onnx.file.ExternalDataWriter;
import org.attention4j.onnx.file.TensorSize;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * Where a model's weights go: small ones into the model itself, the others into one side file of the model's folder, chunk by
 * chunk, so that no weight is ever copied as a whole.
 */
public final class WeightStore implements AutoCloseable {
    private static final long LARGEST_INLINE = 1024;
    private static final int CHUNK = 1 << 20;

    private final ExternalDataWriter external;
    private final Map<String, TensorProto> inSideFile = new HashMap<>();
    private final Map<String, TensorProto> seldomRead = new LinkedHashMap<>();

    /**
     * Creates the side file {@code weights.bin} in {@code folder}.
     *
     * @throws UncheckedIOException if it can't be written
     */
    public WeightStore(Path folder) {
        try {
            Files.createDirectories(folder);
            external = ExternalDataWriter.create(folder.resolve("weights.bin"), ExternalDataWriter.PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a tensor whose bytes are there. */
    TensorProto put(String name, DataType type, long[] dims, MemorySegment data) {
        return put(name, type, dims, CHUNK, (at, target) -> target.copyFrom(data.asSlice(at, target.byteSize())));
    }

    /** Puts a tensor whose bytes are made chunk by chunk, each but the last of {@code chunkBytes}. */
    TensorProto put(String name, DataType type, long[] dims, int chunkBytes, ExternalDataWriter.Source source) {
        try {
            long bytes = TensorSize.bytes(type, dims);
            if (bytes <= LARGEST_INLINE) {
                return inline(name, type, dims, (int) bytes, chunkBytes, source);
            }
            TensorProto tensor = external.write(name, type, dims, chunkBytes, source);
            inSideFile.put(name, tensor);
            return tensor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TensorProto inline(
            String name, DataType type, long[] dims, int bytes, int chunkBytes, ExternalDataWriter.Source source)
            throws IOException {
        byte[] data = new byte[bytes];
        try (Arena arena = Arena.ofConfined()) {
            for (int at = 0; at < bytes; at += chunkBytes) {
                int n = Math.min(chunkBytes, bytes - at);
                MemorySegment chunk = arena.allocate(n);
                source.read(at, chunk);
                MemorySegment.copy(chunk, 0, MemorySegment.ofArray(data), at, n);
            }
        }
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor.setRawData(UnsafeByteOperations.unsafeWrap(data)).build();
    }

    /**
     * Says that a tensor is read only while the session is made, or only a few rows of it in a run: what was read of it need not
     * stay in memory.
     */
    public void readSeldom(String name) {
        TensorProto tensor = inSideFile.get(name);
        if (tensor != null) {
            seldomRead.put(name, tensor);
        }
    }

    /** The tensors of the side file for which {@link #readSeldom} was called. */
    public List<TensorProto> seldomRead() {
        return List.copyOf(seldomRead.values());
    }

    @Override
    public void close() {
        try {
            external.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
