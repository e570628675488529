package org.attention4j.loaders.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorData;
import org.attention4j.loaders.io.LittleEndianBuffer;
import org.attention4j.loaders.io.ModelOutput;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes one safetensors file. State metadata and tensors, then {@link #write}; the tensors' bytes are asked for one after the
 * other while the file is written. Not thread-safe.
 */
public final class SafetensorsWriter {
    /** The data begins at a multiple of this, as the reference implementation does it. */
    private static final int ALIGNMENT = 8;

    private record Pending(SafetensorsType type, Shape shape, long bytes, TensorData data) {}

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Pending> tensors = new LinkedHashMap<>();

    /** A writer of a file with nothing in it yet. */
    public SafetensorsWriter() {}

    /** Adds a string to the header, for example {@code format} with {@code pt}, which transformers asks for. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Adds a tensor in memory. */
    public SafetensorsWriter tensor(String name, Tensor tensor) {
        return tensor(name, tensor.dtype(), tensor.shape(), TensorData.of(tensor));
    }

    /**
     * Adds a tensor whose bytes are produced while the file is written.
     *
     * @throws IllegalArgumentException if the format can't hold the type, or there is a tensor of this name already
     */
    public SafetensorsWriter tensor(String name, DType dtype, Shape shape, TensorData data) {
        SafetensorsType type = SafetensorsType.of(dtype)
                .orElseThrow(() -> new IllegalArgumentException(
                        "safetensors: tensor '%s' has type %s, which safetensors does not have"
                                .formatted(name, dtype)));
        Pending pending = new Pending(type, shape, dtype.byteSize(shape), data);
        if (name.equals(SafetensorsHeader.METADATA_KEY) || tensors.putIfAbsent(name, pending) != null) {
            throw new IllegalArgumentException("safetensors: duplicate or reserved tensor name '%s'".formatted(name));
        }
        return this;
    }

    /**
     * Writes the file.
     *
     * @throws IllegalStateException if a tensor's data has another size than its type and shape say
     */
    public void write(Path file) throws IOException {
        byte[] header = header();
        int padding = Math.floorMod(-header.length, ALIGNMENT);
        try (ModelOutput out = ModelOutput.create(file)) {
            out.write(new LittleEndianBuffer().i64(header.length + padding).toByteArray());
            out.write(header);
            out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
            for (Map.Entry<String, Pending> tensor : tensors.entrySet()) {
                out.write(tensor.getKey(), tensor.getValue().bytes, tensor.getValue().data);
            }
            out.commit();
        }
    }

    private byte[] header() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(SafetensorsHeader.METADATA_KEY);
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, Pending> tensor : tensors.entrySet()) {
                Pending pending = tensor.getValue();
                json.writeObjectPropertyStart(tensor.getKey());
                json.writeStringProperty("dtype", pending.type.name());
                json.writeName("shape");
                long[] dims = pending.shape.dims();
                json.writeArray(dims, 0, dims.length);
                json.writeName("data_offsets");
                json.writeArray(new long[] {offset, offset + pending.bytes}, 0, 2);
                json.writeEndObject();
                offset += pending.bytes;
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
