package org.attention4j.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attention4j.LanguageModel;
import org.attention4j.cli.RandomModels;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cases in the layout of the recorded ones: a directory of an unknown architecture, GGUF files with the weights that it is said to
 * have, and an op that nobody knows. What is expected of the files is what the reference backend gives.
 */
final class SmallGolden {
    private static final int[] PROMPT = {7, 30, 150, 8};
    private static final int[] SEQUENCE = {7, 30, 150, 8, 41, 42, 43, 44, 45, 46, 47, 48, 49};

    private final Path directory;

    SmallGolden(Path directory) {
        this.directory = directory;
    }

    /** Writes the cases with this error in the last of the expected logits. */
    void write(float error) throws IOException {
        Path weights = Files.createDirectories(directory.resolve("models/tiny"));
        Files.writeString(weights.resolve("config.json"), "{\"model_type\": \"homemade\"}");
        new SafetensorsWriter().tensor("w", Tensor.f32(Shape.of(1), 0)).write(weights.resolve("model.safetensors"));
        RandomModels.tiny(directory, "tiny.gguf", DType.F32);
        RandomModels.tiny(directory, "tiny-q8_0.gguf", DType.Q8_0);
        int[] greedy = record(directory.resolve("tiny.gguf"), error);
        Map<String, Object> tolerance = Map.of("atol", 1e-4, "rtol", 1e-4);
        String reference = "models/tiny/reference.safetensors";
        writeIndex(List.of(
                Map.of(
                        "kind", "op",
                        "id", "ops/1",
                        "op", "twiddle",
                        "family", "toys",
                        "file", "none.safetensors",
                        "attrs", Map.of(),
                        "inputs", Map.of(),
                        "outputs", Map.of(),
                        "tol", tolerance),
                Map.of(
                        "kind", "model",
                        "id", "models/tiny",
                        "name", "tiny",
                        "dir", "models/tiny",
                        "greedy", greedy,
                        "tol", tolerance),
                Map.of("kind", "gguf", "id", "gguf/tiny", "file", "tiny.gguf", "reference", reference),
                Map.of(
                        "kind", "gguf",
                        "id", "gguf/tiny-q8_0",
                        "file", "tiny-q8_0.gguf",
                        "reference", reference + " (with a note)",
                        "llama_cpp_max_abs_diff_vs_reference", 0.1)));
    }

    private void writeIndex(List<Map<String, Object>> entries) throws IOException {
        List<String> lines =
                entries.stream().map(JsonMapper.shared()::writeValueAsString).toList();
        Files.write(directory.resolve("index.jsonl"), lines);
    }

    /** Records logits, and returns the greedy tokens. */
    private int[] record(Path model, float error) throws IOException {
        int[] greedy = new int[SEQUENCE.length - PROMPT.length];
        try (LanguageModel opened = LanguageModel.builder(model.toString())
                        .backend("reference")
                        .open();
                Session scored = opened.newSession();
                Session generated = opened.newSession()) {
            Tensor next = generated.prefill(PROMPT);
            int[] sequence = SEQUENCE.clone();
            for (int i = 0; i < greedy.length; i++) {
                greedy[i] = largest(next.toFloatArray());
                sequence[PROMPT.length + i] = greedy[i];
                next = generated.decode(greedy[i]);
            }
            Tensor logits = scored.score(sequence);
            long last = logits.shape().elements() - 1;
            logits.setDouble(last, logits.getDouble(last) + error);
            new SafetensorsWriter()
                    .tensor("input_ids", row(PROMPT))
                    .tensor("sequence_ids", row(sequence))
                    .tensor("logits", logits)
                    .write(directory.resolve("models/tiny/reference.safetensors"));
        }
        return greedy;
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 0; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }

    private static Tensor row(int... ids) {
        Tensor t = Tensor.zeros(DType.I64, Shape.of(1, ids.length));
        for (int i = 0; i < ids.length; i++) {
            t.setLong(i, ids[i]);
        }
        return t;
    }
}
