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
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.custom.CustomWeights;
import org.attention4j.onnx.file.ExternalDataWriter;
import org.attention4j.onnx.file.TensorSize;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * Where a model's weights go: small ones into the model itself, the others into one side file of the model's folder, chunk by
 * chunk, so that no weight is ever copied as a whole.
 */
public final class WeightFile implements WeightStore, AutoCloseable {
    private static final long LARGEST_INLINE = 1024;

    private final ExternalDataWriter external;
    private final Optional<CustomWeights> here;
    private final Map<String, TensorProto> inSideFile = new HashMap<>();
    private final Map<String, TensorProto> seldomRead = new LinkedHashMap<>();

    /**
     * Creates the side file {@code weights.bin} in {@code folder}, for a model that runs on this machine.
     *
     * @param here weights that are no initialisers
     * @throws UncheckedIOException if it can't be written
     */
    public WeightFile(Path folder, CustomWeights here) {
        this(folder, "weights.bin", Optional.of(here));
    }

    /**
     * Creates the side file {@code name} in {@code folder}, for a model that runs anywhere.
     *
     * @throws UncheckedIOException if it can't be written
     */
    public WeightFile(Path folder, String name) {
        this(folder, name, Optional.empty());
    }

    private WeightFile(Path folder, String name, Optional<CustomWeights> here) {
        this.here = here;
        try {
            Files.createDirectories(folder);
            external = ExternalDataWriter.create(folder.resolve(name), ExternalDataWriter.PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException if the side file can't be written */
    @Override
    public TensorProto put(
            String name, DataType type, long[] dims, int chunkBytes, Supplier<ExternalDataWriter.Source> source) {
        try {
            long bytes = TensorSize.bytes(type, dims);
            if (bytes <= LARGEST_INLINE) {
                return inline(name, type, dims, (int) bytes, chunkBytes, source.get());
            }
            TensorProto tensor = external.write(name, type, dims, chunkBytes, source.get());
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
        return WeightStore.named(name, type, dims)
                .setRawData(UnsafeByteOperations.unsafeWrap(data))
                .build();
    }

    @Override
    public long packed(List<Tensor> tensors) {
        return here().matrices(tensors);
    }

    @Override
    public long table(Tensor table) {
        return here().table(table);
    }

    private CustomWeights here() {
        return here.orElseThrow(() -> new IllegalStateException("the model is for any machine"));
    }

    @Override
    public void readSeldom(String name) {
        TensorProto tensor = inSideFile.get(name);
        if (tensor != null) {
            seldomRead.put(name, tensor);
        }
    }

    @Override
    public void wasRead(Tensor tensor) {
        tensor.unload();
    }

    /** Each has weights of its own. */
    @Override
    public List<String> each(int count, IntFunction<?> form, IntFunction<String> emit) {
        return IntStream.range(0, count).mapToObj(emit).toList();
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
