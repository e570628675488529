package org.attention4j.onnx.file;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.attention4j.onnx.proto.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a model's tensors (row-major, little-endian), wherever they are: in {@code raw_data}, in the field of their
 * type, or in a side file, which is mapped once. Nothing outside the model's folder is read, and nothing outside a file.
 *
 * <p>Not thread-safe.
 */
public final class TensorBytes {
    private final Path model;
    private final Arena arena;
    private final Map<Path, MemorySegment> files = new HashMap<>();

    /**
     * For the tensors of one model.
     *
     * @param model the model's file; side files are looked for in its folder
     * @param arena owns the mappings: the bytes are there until it is closed
     */
    public TensorBytes(Path model, Arena arena) {
        this.model = model;
        this.arena = arena;
    }

    /**
     * A tensor's bytes, read-only.
     *
     * @throws OnnxFormatException if the tensor's data has another size than its type and dimensions say, lies outside of
     *     its file, or the file outside of the model's folder; or if the tensor holds strings
     */
    public MemorySegment of(TensorProto tensor) throws IOException {
        long size = TensorSize.bytes(tensor);
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            return external(tensor, size);
        }
        MemorySegment data = tensor.hasRawData() ? raw(tensor.getRawData()) : TypedData.bytes(tensor);
        if (data.byteSize() != size) {
            throw new OnnxFormatException("tensor '%s': %d bytes of data, expected %d for its dimensions %s"
                    .formatted(tensor.getName(), data.byteSize(), size, tensor.getDimsList()));
        }
        return data.asReadOnly();
    }

    private static MemorySegment raw(ByteString data) {
        return MemorySegment.ofBuffer(data.asReadOnlyByteBuffer());
    }

    private MemorySegment external(TensorProto tensor, long size) throws IOException {
        ExternalData where = ExternalData.of(tensor);
        if (where.length() >= 0 && where.length() != size) {
            throw new OnnxFormatException("tensor '%s': external data has length %d, expected %d for its dimensions %s"
                    .formatted(tensor.getName(), where.length(), size, tensor.getDimsList()));
        }
        MemorySegment bytes = mapped(resolve(tensor, where.location()));
        if (where.offset() > bytes.byteSize() || size > bytes.byteSize() - where.offset()) {
            throw new OnnxFormatException("tensor '%s': bytes %d + %d are outside of %s, which has %d"
                    .formatted(tensor.getName(), where.offset(), size, where.location(), bytes.byteSize()));
        }
        return bytes.asSlice(where.offset(), size);
    }

    /**
     * The side file. Its real path has to lie in the real folder of the model's file or of what that links to: model hubs
     * keep a model's files in one store and link to each of them.
     */
    private Path resolve(TensorProto tensor, String location) throws IOException {
        try {
            Path path = model.resolveSibling(location);
            if (!Path.of(location).isAbsolute() && Files.isRegularFile(path)) {
                Path real = path.toRealPath();
                if (real.startsWith(folder(model.toAbsolutePath()).toRealPath())
                        || real.startsWith(folder(model.toRealPath()))) {
                    return real;
                }
            }
        } catch (InvalidPathException e) {
            throw outside(tensor, location, e);
        }
        throw outside(tensor, location, null);
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    private OnnxFormatException outside(TensorProto tensor, String location, @Nullable Throwable cause) {
        String message = "tensor '%s': external data '%s' is not a file in the folder of %s"
                .formatted(tensor.getName(), location, model);
        return cause == null ? new OnnxFormatException(message) : new OnnxFormatException(message, cause);
    }

    private MemorySegment mapped(Path file) throws IOException {
        MemorySegment known = files.get(file);
        if (known != null) {
            return known;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            files.put(file, bytes);
            return bytes;
        }
    }
}
