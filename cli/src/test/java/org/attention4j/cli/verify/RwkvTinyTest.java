package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.GoldenData;
import org.attention4j.testkit.Safetensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real trained RWKV models, from every kind of file that they come in, give the recorded logits, at once and token by token. */
class RwkvTinyTest {
    /** The recorded logits are float32 sums of another order; they go up to about 20. */
    private static final Tolerance TOLERANCE = new Tolerance(2e-4, 2e-4);

    @ParameterizedTest
    @CsvSource({
        "reference, tiny-rwkv-5v2-730K-FP32.safetensors, reference-5v2-730K.safetensors",
        "onnx, tiny-rwkv-5v2-730K-FP32.safetensors, reference-5v2-730K.safetensors",
        "reference, tiny-rwkv-7v0-834K-FP32.safetensors, reference-7v0-834K.safetensors",
        "onnx, tiny-rwkv-7v0-834K-FP32.safetensors, reference-7v0-834K.safetensors",
        "onnx, tiny-rwkv-7v0-834K-blinkdl.safetensors, reference-7v0-834K.safetensors",
        "reference, tiny-rwkv-7v0-834K-f32.gguf, reference-7v0-834K.safetensors",
        "onnx, tiny-rwkv-7v0-834K-f32.gguf, reference-7v0-834K.safetensors",
    })
    void givesTheRecordedLogits(String backendName, String file, String recorded) {
        Path directory = GoldenData.assumePresent().directory().resolve("real/rwkv-tiny");
        Map<String, Tensor> reference = Safetensors.read(directory.resolve(recorded));
        int[] ids = ids(find(reference, "input_ids"));
        Tensor logits = find(reference, "logits");
        try (Checkpoint checkpoint = ModelFormats.open(directory.resolve(file));
                Backend backend = Backends.create(backendName, BackendOptions.DEFAULT);
                CompiledModel model =
                        CompiledModel.compile(Architectures.define(checkpoint), backend, CompileOptions.DEFAULT);
                Session whole = model.newSession(64);
                Session single = model.newSession(64)) {
            assertEquals(logits.shape(), Shape.of(ids.length, 256));
            Compare.assertClose(file, logits, whole.score(ids), TOLERANCE);
            for (int i = 0; i < ids.length; i++) {
                Tensor next = single.decode(ids[i]);
                Compare.assertClose(file + ", token " + i, logits.rows(i, 1), row(next), TOLERANCE);
            }
        }
    }

    private static Tensor row(Tensor logits) {
        return Tensor.of(logits.dtype(), Shape.of(1, logits.shape().elements()), logits.data());
    }

    private static Tensor find(Map<String, Tensor> recorded, String name) {
        return Optional.ofNullable(recorded.get(name)).orElseThrow(() -> new AssertionError("no tensor " + name));
    }

    private static int[] ids(Tensor tokens) {
        return IntStream.range(0, (int) tokens.shape().elements())
                .map(i -> (int) tokens.getLong(i))
                .toArray();
    }
}
