package org.attention4j.loaders.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorData;
import org.attention4j.loaders.io.LittleEndianBuffer;
import org.attention4j.loaders.io.ModelOutput;

/**
 * Writes GGUF files, version 3. State metadata and tensors, then {@link #write}; the tensors' bytes are asked for one after
 * the other while the file is written. Not thread-safe.
 *
 * <pre>{@code
 * new GgufWriter()
 *         .string("general.architecture", "llama")
 *         .uint32("llama.block_count", 2)
 *         .tensor("token_embd.weight", embeddings)
 *         .write(Path.of("model.gguf"));
 * }</pre>
 */
public final class GgufWriter {
    private static final int VERSION = 3;
    private static final int ALIGNMENT = GgufHeader.DEFAULT_ALIGNMENT;

    private record Pending(GgmlType type, Shape shape, long bytes, TensorData data) {}

    private final Map<String, byte[]> metadata = new LinkedHashMap<>();
    private final Map<String, Pending> tensors = new LinkedHashMap<>();

    /** A writer of a file with nothing in it yet. */
    public GgufWriter() {}

    /** Adds a string. */
    public GgufWriter string(String key, String value) {
        return put(key, GgufValueType.STRING, new LittleEndianBuffer().sizedUtf8(value));
    }

    /** Adds an integer from 0 to 2³² − 1, the type that readers expect of sizes and counts. */
    public GgufWriter uint32(String key, long value) {
        if (value < 0 || value > 0xffffffffL) {
            throw new IllegalArgumentException("gguf: %s is %d, expected 0 to 2^32 - 1".formatted(key, value));
        }
        return put(key, GgufValueType.UINT32, new LittleEndianBuffer().i32((int) value));
    }

    /** Adds a 32-bit float. */
    public GgufWriter float32(String key, double value) {
        return put(key, GgufValueType.FLOAT32, new LittleEndianBuffer().f32((float) value));
    }

    /** Adds a truth value. */
    public GgufWriter bool(String key, boolean value) {
        return put(key, GgufValueType.BOOL, new LittleEndianBuffer().i8(value ? 1 : 0));
    }

    /** Adds an array of strings. */
    public GgufWriter strings(String key, List<String> values) {
        LittleEndianBuffer array = array(GgufValueType.STRING, values.size());
        values.forEach(array::sizedUtf8);
        return put(key, GgufValueType.ARRAY, array);
    }

    /** Adds an array of signed 32-bit integers. */
    public GgufWriter int32s(String key, int... values) {
        LittleEndianBuffer array = array(GgufValueType.INT32, values.length);
        for (int value : values) {
            array.i32(value);
        }
        return put(key, GgufValueType.ARRAY, array);
    }

    /** Adds an array of truth values. */
    public GgufWriter bools(String key, boolean... values) {
        LittleEndianBuffer array = array(GgufValueType.BOOL, values.length);
        for (boolean value : values) {
            array.i8(value ? 1 : 0);
        }
        return put(key, GgufValueType.ARRAY, array);
    }

    /** Adds an array of 32-bit floats. */
    public GgufWriter float32s(String key, float... values) {
        LittleEndianBuffer array = array(GgufValueType.FLOAT32, values.length);
        for (float value : values) {
            array.f32(value);
        }
        return put(key, GgufValueType.ARRAY, array);
    }

    /**
     * Adds a value as {@link org.attention4j.loaders.Config#find} gives it: a string, a truth value, a number, or a list of one of
     * them. Numbers with a fraction become 32-bit floats, others integers of 32 bits, or of 64 where they need them; those in lists
     * are signed.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public GgufWriter value(String key, Object value) {
        return switch (value) {
            case String s -> string(key, s);
            case Boolean flag -> bool(key, flag);
            case Double d -> float32(key, d);
            case Long n when n >= 0 && n <= 0xffffffffL -> uint32(key, n);
            case Long n -> put(key, GgufValueType.INT64, new LittleEndianBuffer().i64(n));
            case List<?> list when list.isEmpty() -> strings(key, List.of());
            case List<?> list -> list(key, list);
            default -> throw new IllegalArgumentException("gguf: %s is a value of %s".formatted(key, value.getClass()));
        };
    }

    private GgufWriter list(String key, List<?> list) {
        return switch (list.getFirst()) {
            case String s -> strings(key, list.stream().map(String.class::cast).toList());
            case Boolean flag -> {
                boolean[] flags = new boolean[list.size()];
                for (int i = 0; i < flags.length; i++) {
                    flags[i] = (Boolean) list.get(i);
                }
                yield bools(key, flags);
            }
            case Double d -> {
                float[] floats = new float[list.size()];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = ((Number) list.get(i)).floatValue();
                }
                yield float32s(key, floats);
            }
            case Number n ->
                int32s(
                        key,
                        list.stream()
                                .mapToInt(v -> Math.toIntExact(((Number) v).longValue()))
                                .toArray());
            default ->
                throw new IllegalArgumentException("gguf: %s is a list of %s"
                        .formatted(key, list.getFirst().getClass()));
        };
    }

    /** Adds a tensor in memory. */
    public GgufWriter tensor(String name, Tensor tensor) {
        return tensor(name, tensor.dtype(), tensor.shape(), TensorData.of(tensor));
    }

    /**
     * Adds a tensor whose bytes are produced while the file is written.
     *
     * @param name the name in the file, for example {@code blk.0.attn_q.weight}
     * @param shape row-major; at most four dimensions
     * @throws IllegalArgumentException if GGUF can't hold the type or shape, or has a tensor of this name already
     */
    public GgufWriter tensor(String name, DType dtype, Shape shape, TensorData data) {
        GgmlType type = GgmlType.of(dtype)
                .orElseThrow(() -> new IllegalArgumentException(
                        "gguf: tensor '%s' has type %s, which GGUF does not have".formatted(name, dtype)));
        if (shape.rank() > GgufTensor.MAX_DIMS) {
            throw new IllegalArgumentException("gguf: tensor '%s' has shape %s, expected at most %d dimensions"
                    .formatted(name, shape, GgufTensor.MAX_DIMS));
        }
        if (tensors.putIfAbsent(name, new Pending(type, shape, dtype.byteSize(shape), data)) != null) {
            throw new IllegalArgumentException("gguf: duplicate tensor '%s'".formatted(name));
        }
        return this;
    }

    /**
     * Writes the file.
     *
     * @throws IllegalStateException if a tensor's data has another size than its type and shape say
     */
    public void write(Path file) throws IOException {
        try (ModelOutput out = ModelOutput.create(file)) {
            out.write(header());
            out.pad(ALIGNMENT);
            for (Map.Entry<String, Pending> tensor : tensors.entrySet()) {
                out.write(tensor.getKey(), tensor.getValue().bytes, tensor.getValue().data);
                out.pad(ALIGNMENT);
            }
            out.commit();
        }
    }

    private byte[] header() {
        LittleEndianBuffer header = new LittleEndianBuffer()
                .i32(GgufHeader.MAGIC)
                .i32(VERSION)
                .i64(tensors.size())
                .i64(metadata.size());
        metadata.forEach((key, value) -> header.sizedUtf8(key).bytes(value));
        long offset = 0;
        for (Map.Entry<String, Pending> tensor : tensors.entrySet()) {
            Pending pending = tensor.getValue();
            int rank = pending.shape.rank();
            header.sizedUtf8(tensor.getKey()).i32(rank);
            for (int axis = rank - 1; axis >= 0; axis--) {
                header.i64(pending.shape.dim(axis));
            }
            header.i32(pending.type.id()).i64(offset);
            offset = GgufHeader.alignUp(offset + pending.bytes, ALIGNMENT);
        }
        return header.toByteArray();
    }

    private static LittleEndianBuffer array(GgufValueType type, int count) {
        return new LittleEndianBuffer().i32(type.id()).i64(count);
    }

    private GgufWriter put(String key, GgufValueType type, LittleEndianBuffer value) {
        byte[] typed = new LittleEndianBuffer()
                .i32(type.id())
                .bytes(value.toByteArray())
                .toByteArray();
        if (metadata.putIfAbsent(key, typed) != null) {
            throw new IllegalArgumentException("gguf: duplicate metadata key '%s'".formatted(key));
        }
        return this;
    }
}
