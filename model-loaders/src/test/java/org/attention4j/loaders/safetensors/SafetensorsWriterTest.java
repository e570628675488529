package org.attention4j.loaders.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    Path dir;

    @Test
    void dataBeginsAtAMultipleOfEight() throws IOException {
        for (int length = 1; length <= 8; length++) {
            Path path = dir.resolve("model.safetensors");
            new SafetensorsWriter()
                    .tensor("x".repeat(length), Tensor.scalar(1L))
                    .write(path);
            assertEquals(0, Files.size(path) % 8);
        }
    }

    @Test
    void refusesWhatItCannotWrite() {
        SafetensorsWriter writer = new SafetensorsWriter().tensor("x", Tensor.scalar(1L));
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("x", Tensor.scalar(2L)));
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("__metadata__", Tensor.scalar(2L)));
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("q", Tensor.zeros(DType.Q8_0, Shape.of(32))));
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path path = Files.writeString(dir.resolve("model.safetensors"), "old");
        SafetensorsWriter writer = new SafetensorsWriter()
                .tensor(
                        "x",
                        DType.I64,
                        Shape.of(2),
                        sink -> sink.write(Tensor.scalar(1L).data()));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> writer.write(path));
        assertEquals("tensor 'x': 8 bytes were written, expected 16", e.getMessage());
        assertEquals("old", Files.readString(path));
        try (Stream<Path> files = Files.list(dir)) {
            assertEquals(1, files.count());
        }
    }
}
