package org.attention4j.testkit;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the tensors of a trusted safetensors file: test data. Models are read by a checked reader. */
public final class Safetensors {
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LENGTH_BYTES = 8;

    private Safetensors() {}

    /** All tensors by name, as views of the mapped file. */
    public static ImmutableMap<String, Tensor> read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ImmutableMap<String, Tensor> read(MemorySegment file) {
        long headerBytes = file.get(I64, 0);
        byte[] header = file.asSlice(LENGTH_BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment data = file.asSlice(LENGTH_BYTES + headerBytes);
        ImmutableMap.Builder<String, Tensor> tensors = ImmutableMap.builder();
        JsonNode entries = JsonMapper.shared().readTree(new String(header, StandardCharsets.UTF_8));
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(entry.getValue(), data));
            }
        }
        return tensors.buildOrThrow();
    }

    private static Tensor tensor(JsonNode entry, MemorySegment data) {
        DType dtype = DType.valueOf(entry.get("dtype").asString());
        Shape shape = Shape.of(
                entry.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray());
        long start = entry.get("data_offsets").get(0).asLong();
        return Tensor.of(dtype, shape, data.asSlice(start, dtype.byteSize(shape)));
    }
}
