package org.attention4j.loaders.hf;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Golden;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HfFormatTest {
    @TempDir
    Path dir;

    @Test
    void opensADirectoryOrTheFileInIt() throws IOException {
        writeModel();
        for (Path path : new Path[] {dir, dir.resolve("model.safetensors")}) {
            try (Checkpoint checkpoint = new HfFormat().open(path)) {
                assertEquals("safetensors", checkpoint.format());
                assertEquals(path, checkpoint.path());
                assertEquals("toy", checkpoint.architecture());
                assertEquals(WeightLayout.TRANSFORMERS, checkpoint.layout());
                assertEquals(16, checkpoint.config().size("hidden_size"));
                assertEquals("pt", checkpoint.metadata().text("format"));
                assertEquals(7, checkpoint.tensor("w").getDouble(0));
                assertEquals(Shape.of(2), checkpoint.tensor("w", 2).shape());
                assertEquals(2, checkpoint.parameterCount());
                assertEquals(8, checkpoint.weightBytes());
                assertRefused(() -> checkpoint.tensor("w", 2, 1), "'w' has shape [2], expected [2, 1]");
            }
        }
    }

    @Test
    void findsTheTensorsOfTheLanguageModel() throws IOException {
        writeModel();
        for (String name : List.of("language_model.model.norm.weight", "model.language_model.norm.weight")) {
            new SafetensorsWriter().tensor(name, Tensor.scalar(9f)).write(dir.resolve("model.safetensors"));
            try (Checkpoint checkpoint = new HfFormat().open(dir)) {
                assertEquals(9, checkpoint.tensor("model.norm.weight").getDouble(0));
                assertTrue(checkpoint.hasTensor(name));
                assertFalse(checkpoint.hasTensor("norm.weight"));
                assertRefused(() -> checkpoint.tensor("lm_head.weight"), "lm_head.weight");
            }
        }
    }

    @Test
    void prefersTheIndex() throws IOException {
        writeModel();
        new SafetensorsWriter().tensor("w", Tensor.scalar(9f)).write(dir.resolve("part.safetensors"));
        Files.writeString(dir.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"w\":\"part.safetensors\"}}");
        try (Checkpoint checkpoint = new HfFormat().open(dir)) {
            assertEquals(9, checkpoint.tensor("w").getDouble(0));
        }
    }

    @Test
    void closingUnmaps() throws IOException {
        writeModel();
        Checkpoint checkpoint = new HfFormat().open(dir);
        Tensor tensor = checkpoint.tensor("w");
        checkpoint.close();
        assertThrows(IllegalStateException.class, () -> tensor.getDouble(0));
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        writeModel();
        Files.delete(dir.resolve("model.safetensors"));
        assertRefused(() -> new HfFormat().open(dir), "no weights", "model.safetensors.index.json", ".bin");
        Files.delete(dir.resolve("config.json"));
        assertRefused(() -> new HfFormat().open(dir), "config.json", "no such file");
    }

    @Test
    void refusesAnEnormousConfiguration() throws IOException {
        writeModel();
        Files.writeString(dir.resolve("config.json"), " ".repeat((1 << 22) + 1));
        assertRefused(() -> new HfFormat().open(dir), "config.json", "4194305 bytes, expected at most 4194304");
    }

    @Test
    void readsTransformersModels() {
        try (Checkpoint checkpoint = new HfFormat().open(Golden.path("models/llama"))) {
            assertEquals("llama", checkpoint.architecture());
            assertEquals(4, checkpoint.config().size("num_attention_heads"));
            assertEquals(10000, checkpoint.config().number("rope_parameters.rope_theta"));
            assertEquals(
                    Shape.of(16, 32),
                    checkpoint.tensor("model.layers.1.self_attn.k_proj.weight").shape());
        }
    }

    private void writeModel() throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\"model_type\":\"toy\",\"hidden_size\":16}");
        new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("w", Tensor.f32(Shape.of(2), 7, 8))
                .write(dir.resolve("model.safetensors"));
    }
}
