package org.attention4j.loaders.packed;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.io.Json;
import org.attention4j.loaders.safetensors.SafetensorsModel;

/** Reads models from memory. */
final class PackedSample {
    private static final Path PATH = Path.of("model");

    private PackedSample() {}

    /** Reads every number of a model; {@code quantization} holds its configuration's members, with single quotes. */
    static void readAll(String quantization, byte[] file) {
        String json = quantization.isEmpty() ? "{}" : "{'quantization_config': {" + quantization + "}}";
        readAll(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), file);
    }

    /** Reads every number of a model with this {@code config.json}. */
    static void readAll(byte[] config, byte[] file) {
        Map<String, Object> values = new LinkedHashMap<>();
        Path json = PATH.resolve("config.json");
        Json.readObject(
                json,
                MemorySegment.ofArray(config),
                (key, value) -> Json.value(value).ifPresent(v -> values.put(key, v)));
        try (SafetensorsModel model = SafetensorsModel.of(PATH, MemorySegment.ofArray(file))) {
            PackedTensors tensors = PackedTensors.of(PATH, model, Config.of(new Nested(json, values)));
            for (TensorInfo info : tensors.tensors()) {
                if (info.dtype().isPresent() && info.shape().elements() < 1 << 20) {
                    readAll(tensors.tensor(info.name()));
                }
            }
        }
    }

    private static void readAll(Tensor tensor) {
        if (tensor.dtype().isInteger()) {
            tensor.toLongArray();
        } else {
            tensor.toFloatArray();
        }
    }

    /** Values of a JSON document; a dot leads into an object. */
    private record Nested(Path file, Map<String, Object> values) implements Config.Source {
        @Override
        public Set<String> keys() {
            return values.keySet();
        }

        @Override
        public Optional<Object> find(String key) {
            int dot = key.indexOf('.');
            if (dot < 0) {
                return Optional.ofNullable(values.get(key));
            }
            return values.get(key.substring(0, dot)) instanceof Map<?, ?> inner
                    ? Optional.ofNullable(inner.get(key.substring(dot + 1)))
                    : Optional.empty();
        }

        @Override
        public String spelling(String key) {
            return key;
        }
    }
}
