package org.attention4j.loaders;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFormatsTest {
    @TempDir
    Path dir;

    @Test
    void opensGgufByNameByFirstBytesAndAloneInADirectory() throws IOException {
        Path named = dir.resolve("model.gguf");
        new GgufWriter()
                .string("general.architecture", "toy")
                .tensor("w", Tensor.scalar(5f))
                .write(named);
        Path unnamed = Files.copy(named, dir.resolve("blob"));
        for (Path path : new Path[] {named, unnamed, dir}) {
            try (Checkpoint checkpoint = ModelFormats.open(path)) {
                assertEquals("gguf", checkpoint.format());
                assertEquals(5, checkpoint.tensor("w").getDouble(0));
            }
        }
    }

    @Test
    void opensDirectoriesWithSafetensors() throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\"model_type\":\"toy\"}");
        new SafetensorsWriter().tensor("w", Tensor.scalar(5f)).write(dir.resolve("model.safetensors"));
        try (Checkpoint checkpoint = ModelFormats.open(dir)) {
            assertEquals("safetensors", checkpoint.format());
        }
    }

    @Test
    void saysWhatItLookedForAndWhatItFound() throws IOException {
        assertRefused(() -> ModelFormats.open(dir.resolve("gone")), "gone", "no such file or directory");
        assertRefused(() -> ModelFormats.open(dir), "a GGUF file", "config.json", "model.safetensors", "holds nothing");
        Files.writeString(dir.resolve("pytorch_model.bin"), "x");
        assertRefused(() -> ModelFormats.open(dir), "the directory holds pytorch_model.bin");
        assertRefused(() -> ModelFormats.open(dir.resolve("pytorch_model.bin")), "pytorch_model.bin", "not a model");
    }

    @Test
    void aBrokenFileIsRefusedByItsOwnFormat() throws IOException {
        Path file = Files.writeString(dir.resolve("broken.gguf"), "GGU");
        assertRefused(() -> ModelFormats.open(file), "broken.gguf", "truncated: the magic number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "gguf"})
    void opensModelsOfOtherTools(String directory) throws IOException {
        try (Stream<Path> models = Files.list(Golden.path(directory))) {
            for (Path path : models.toList()) {
                try (Checkpoint checkpoint = ModelFormats.open(path)) {
                    assertFalse(checkpoint.architecture().isEmpty());
                    for (TensorInfo info : checkpoint.tensors()) {
                        assertEquals(
                                info.shape(), checkpoint.tensor(info.name()).shape());
                    }
                }
            }
        }
    }

    @Test
    void theSameWeightsComeOutOfBothFormats() {
        try (Checkpoint hf = ModelFormats.open(Golden.path("models/qwen2"));
                Checkpoint gguf = ModelFormats.open(Golden.path("gguf/qwen2-f32.gguf"))) {
            assertEquals(hf.tensors().size(), gguf.tensors().size());
            for (TensorInfo info : hf.tensors()) {
                Tensor expected = hf.tensor(info.name());
                Tensor actual = gguf.tensor(info.name(), expected.shape().dims());
                assertEquals(-1, actual.data().mismatch(expected.data()), info.name());
            }
        }
    }
}
