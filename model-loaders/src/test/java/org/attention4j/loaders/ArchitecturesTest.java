package org.attention4j.loaders;

import static org.attention4j.loaders.BadInput.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchitecturesTest {
    @TempDir
    private Path dir;

    private void refused(String type, String... fragments) throws IOException {
        Files.writeString(
                dir.resolve("config.json"),
                "{\"model_type\":\"%s\",\"num_hidden_layers\":2147483647,\"hidden_size\":8}".formatted(type));
        new SafetensorsWriter()
                .tensor("model.embed_tokens.weight", Tensor.zeros(DType.F32, Shape.of(4, 8)))
                .write(dir.resolve("model.safetensors"));
        try (Checkpoint checkpoint = ModelFormats.open(dir)) {
            assertRefused(() -> Architectures.define(checkpoint), fragments);
        }
    }

    @Test
    void noModelHasMoreLayersThanTensors() throws IOException {
        for (String type : new String[] {"llama", "gpt_oss", "falcon"}) {
            refused(type, "'num_hidden_layers' is 2147483647, expected at most 1, as many as there are tensors");
        }
    }

    @Test
    void unknownArchitecturesAreNamed() throws IOException {
        refused("perceptron", "the architecture is 'perceptron', expected one of", "gpt_oss");
    }
}
