package org.attention4j.loaders.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
    @TempDir
    Path dir;

    @Test
    void writesMetadata() throws IOException {
        Path path = dir.resolve("model.gguf");
        new GgufWriter()
                .string("text", "é")
                .uint32("size", 0xffffffffL)
                .float32("number", 0.5)
                .bool("flag", true)
                .strings("texts", List.of("a", ""))
                .int32s("integers", -1, 2)
                .float32s("numbers", 0.25f, -8)
                .bools("flags", true, false)
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            Config metadata = file.metadata();
            assertEquals(8, metadata.keys().size());
            assertEquals("é", metadata.text("text"));
            assertEquals(4294967295.0, metadata.number("size"));
            assertEquals(0.5, metadata.number("number"));
            assertTrue(metadata.flag("flag"));
            assertEquals(List.of("a", ""), metadata.texts("texts"));
            assertArrayEquals(new int[] {-1, 2}, metadata.integers("integers"));
            assertArrayEquals(new double[] {0.25, -8}, metadata.numbers("numbers"));
            assertEquals(List.of(true, false), metadata.flags("flags"));
        }
    }

    /** What one file's metadata hold is written to another as it is. */
    @Test
    void writesValuesThatWereRead() throws IOException {
        Path path = dir.resolve("model.gguf");
        List<Object> values = List.of(
                "a",
                true,
                7L,
                -7L,
                1L << 40,
                0.5,
                List.of("b", ""),
                List.of(true, false),
                List.of(-1L, 2L),
                List.of(0.25));
        GgufWriter writer = new GgufWriter();
        for (int i = 0; i < values.size(); i++) {
            writer.value("v" + i, values.get(i));
        }
        writer.value("empty", List.of()).write(path);
        try (GgufFile file = GgufFile.open(path)) {
            for (int i = 0; i < values.size(); i++) {
                assertEquals(values.get(i), file.metadata().find("v" + i).orElseThrow());
            }
            assertEquals(List.of(), file.metadata().texts("empty"));
        }
        assertThrows(IllegalArgumentException.class, () -> writer.value("map", Map.of()));
    }

    @Test
    void streamsATensorInPieces() throws IOException {
        Path path = dir.resolve("model.gguf");
        new GgufWriter()
                .tensor("t", DType.I64, Shape.of(3), sink -> {
                    for (long i = 1; i <= 3; i++) {
                        sink.write(Tensor.scalar(i).data());
                    }
                })
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            assertArrayEquals(new long[] {1, 2, 3}, file.tensor("t").toLongArray());
        }
    }

    @Test
    void refusesWhatItCannotWrite() {
        GgufWriter writer = new GgufWriter().string("key", "a").tensor("t", Tensor.scalar(1f));
        assertThrows(IllegalArgumentException.class, () -> writer.string("key", "b"));
        assertThrows(IllegalArgumentException.class, () -> writer.uint32("negative", -1));
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("t", Tensor.scalar(2f)));
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("u8", Tensor.zeros(DType.U8, Shape.of(1))));
        assertThrows(
                IllegalArgumentException.class,
                () -> writer.tensor("five", Tensor.zeros(DType.F32, Shape.of(1, 1, 1, 1, 1))));
    }
}
