package org.attention4j.loaders.safetensors;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Golden;
import org.attention4j.loaders.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {
    @TempDir
    Path dir;

    @Test
    void listsTensorsOfSupportedAndOtherTypes() {
        SafetensorsFile file = SafetensorsSample.read(SafetensorsSample.valid());
        assertEquals("pt", file.metadata().text("format"));
        assertEquals(
                List.of(
                        new TensorInfo("a", "F32", Optional.of(DType.F32), Shape.of(2, 3), 24),
                        new TensorInfo("b", "F8_E4M3", Optional.empty(), Shape.of(4), 4),
                        new TensorInfo("c", "I64", Optional.of(DType.I64), Shape.of(), 8),
                        new TensorInfo("d", "F6", Optional.empty(), Shape.of(4), 3),
                        new TensorInfo("e", "BF16", Optional.of(DType.BF16), Shape.of(0, 2), 0)),
                file.tensors());
        assertEquals(0, file.tensor("c").getLong(0));
        assertRefused(() -> file.tensor("b"), "sample.safetensors", "'b'", "F8_E4M3", "not supported");
        assertRefused(() -> file.tensor("f"), "sample.safetensors", "no tensor 'f'");
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16", "I64", "I32", "I8", "U8", "BOOL"})
    void readsBackWhatTheWriterWrote(DType dtype) throws IOException {
        Tensor tensor = Tensor.zeros(dtype, Shape.of(2, 5));
        for (int i = 0; i < 10; i++) {
            tensor.setLong(i, i * 7L);
        }
        Path path = dir.resolve("model.safetensors");
        new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("odd \"name\"", Tensor.zeros(DType.I8, Shape.of(3)))
                .tensor("x", tensor)
                .write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Tensor read = file.tensor("x");
            assertEquals(dtype, read.dtype());
            assertEquals(tensor.shape(), read.shape());
            assertArrayEquals(tensor.toFloatArray(), read.toFloatArray());
            assertTrue(read.data().isReadOnly());
            assertTrue(read.data().isMapped());
            assertTrue(file.hasTensor("odd \"name\""));
            assertEquals("pt", file.metadata().text("format"));
        }
    }

    @Test
    void readsTransformersFiles() {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("models/llama/reference.safetensors"))) {
            SafetensorsSample.readAll(file);
            Tensor ids = file.tensor("sequence_ids");
            assertEquals(DType.I64, ids.dtype());
            assertEquals(ids.shape().dim(1), file.tensor("logits").shape().dim(0));
        }
    }
}
