package org.attention4j.loaders;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownGapsTest {
    @TempDir
    private Path directory;

    @Test
    void listsWhatItKnows() {
        assertRefused(() -> define("nonsense"), "the architecture is 'nonsense', expected one of ", "llama, ");
    }

    @Test
    void saysWhyNot() {
        assertRefused(
                () -> define("phi3small"),
                "the architecture 'phi3small' is not supported: its attention is block-sparse");
    }

    @Test
    void whatIsSupportedIsNoGap() {
        for (String name : Architectures.known().keySet()) {
            assertEquals(Optional.empty(), KnownGaps.reason(name), name);
        }
    }

    private void define(String type) throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\":\"%s\"}".formatted(type));
        new SafetensorsWriter().tensor("w", Tensor.scalar(1f)).write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = ModelFormats.open(directory)) {
            assertEquals(List.of(), Architectures.define(checkpoint).layers());
        }
    }
}
