package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.Golden;
import org.attention4j.loaders.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GgufFileTest {
    @TempDir
    Path dir;

    @Test
    void readsValuesOfEveryType() {
        Config metadata = GgufSample.read(GgufSample.valid()).metadata();
        assertEquals("llama", metadata.text("general.architecture"));
        assertEquals(255, metadata.integer("u8"));
        assertEquals(-1, metadata.integer("i8"));
        assertEquals(65535, metadata.integer("u16"));
        assertEquals(-1, metadata.integer("i16"));
        assertEquals(2, metadata.integer("llama.block_count"));
        assertEquals(-3, metadata.integer("i32"));
        assertEquals(10000, metadata.number("llama.rope.freq_base"));
        assertTrue(metadata.flag("bool"));
        assertEquals(Optional.of(new BigInteger("18446744073709551615")), metadata.find("u64"));
        assertEquals(-1, metadata.integer("i64"));
        assertEquals(0.1, metadata.number("f64"));
        assertEquals(List.of("a", "", "é"), metadata.texts("texts"));
        assertArrayEquals(new double[] {1.5, -2}, metadata.numbers("floats"));
        assertArrayEquals(new int[] {1, 2, 3}, metadata.integers("bytes"));
    }

    @Test
    void listsTensorsRowMajorAlsoThoseOfUnknownTypes() {
        GgufFile file = GgufSample.read(GgufSample.valid());
        assertEquals(
                List.of(
                        new TensorInfo("token_embd.weight", "F32", Optional.of(DType.F32), Shape.of(3, 2), 24),
                        new TensorInfo("blk.0.attn_q.weight", "Q8_0", Optional.of(DType.Q8_0), Shape.of(32), 34),
                        new TensorInfo("blk.0.ffn_up.weight", "type 99", Optional.empty(), Shape.of(5, 7), 32),
                        new TensorInfo("blk.0.ffn_down.weight", "Q4_0", Optional.of(DType.Q4_0), Shape.of(64), 36)),
                file.tensors());
    }

    @Test
    void refusesTensorsOfUnsupportedTypesOnlyWhenAskedForOne() {
        GgufFile file = new GgufSample().tensor("a", 15, 0, 256).data(292).open();
        assertEquals("Q8_K", file.tensors().getFirst().type());
        assertRefused(() -> file.tensor("a"), "sample.gguf", "'a'", "Q8_K", "not supported");
    }

    @Test
    void refusesToInventATensor() {
        assertRefused(() -> GgufSample.read(GgufSample.valid()).tensor("nope"), "sample.gguf", "no tensor 'nope'");
    }

    @Test
    void readsVersion2() {
        byte[] bytes = GgufSample.valid();
        bytes[4] = 2;
        assertEquals(2, GgufSample.read(bytes).version());
    }

    @Test
    void honoursTheAlignment() {
        GgufFile file = new GgufSample()
                .pair("general.alignment", out -> out.i32(4).i32(8))
                .tensor("a", 24, 0, 3)
                .tensor("b", 24, 8, 3)
                .data(11)
                .open();
        assertEquals(Shape.of(3), file.tensor("b").shape());
    }

    private static Stream<DType> typesOfGguf() {
        return Arrays.stream(DType.values()).filter(t -> GgmlType.of(t).isPresent());
    }

    @ParameterizedTest
    @MethodSource("typesOfGguf")
    void readsBackWhatTheWriterWrote(DType dtype) throws IOException {
        Tensor tensor = Tensor.zeros(dtype, Shape.of(3, 2, 256));
        for (long i = 0; i < tensor.data().byteSize(); i++) {
            tensor.data().set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31));
        }
        Path path = dir.resolve("model.gguf");
        new GgufWriter()
                .tensor(
                        "first",
                        DType.I8,
                        Shape.of(1),
                        sink -> sink.write(Tensor.zeros(DType.I8, Shape.of(1)).data()))
                .tensor("second", tensor)
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            Tensor read = file.tensor("second");
            assertEquals(dtype, read.dtype());
            assertEquals(tensor.shape(), read.shape());
            assertEquals(-1, read.data().mismatch(tensor.data()));
            assertTrue(read.data().isReadOnly());
            assertTrue(read.data().isMapped());
        }
    }

    @Test
    void mapsFilesLargerThanTwoGigabytes() throws IOException {
        long elements = 3L << 28;
        Path path = dir.resolve("large.gguf");
        Files.write(path, new GgufSample().tensor("a", 0, 0, elements).bytes());
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long end = file.length() + elements * 4;
            file.setLength(end);
            file.seek(end - 1);
            file.write(0x40);
        }
        try (GgufFile file = GgufFile.open(path)) {
            assertEquals(2.0, file.tensor("a").getDouble(elements - 1));
        }
    }

    @Test
    void tensorsEndWithTheFile() throws IOException {
        Path path = dir.resolve("model.gguf");
        Files.write(path, GgufSample.valid());
        GgufFile file = GgufFile.open(path);
        Tensor tensor = file.tensor("token_embd.weight");
        file.close();
        file.close();
        assertThrows(IllegalStateException.class, () -> tensor.getDouble(0));
    }

    @Test
    void readsLlamaCppsFiles() {
        try (GgufFile file = GgufFile.open(Golden.path("real/stories260K/stories260K-q8_0.gguf"))) {
            assertEquals(3, file.version());
            assertEquals("llama", file.metadata().text("general.architecture"));
            assertEquals(512, file.metadata().texts("tokenizer.ggml.tokens").size());
            assertEquals(Shape.of(64, 172), file.tensor("blk.0.ffn_down.weight").shape());
            assertEquals(DType.F16, file.tensor("blk.0.ffn_down.weight").dtype());
            assertEquals(DType.Q8_0, file.tensor("token_embd.weight").dtype());
            GgufSample.readAll(file);
        }
    }
}
