package org.attention4j.loaders.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Fp8ReaderTest {
    private static final String TILES = "\"quant_method\": \"fp8\", \"weight_block_size\": [2, 3]";

    @TempDir
    private Path directory;

    /** Writes {@code a.weight F8_E4M3[rows, columns]} with these bytes, and its scales. */
    private Checkpoint open(String quantization, int rows, int columns, byte[] floats, Tensor scales)
            throws IOException {
        Tensor bytes = Tensor.zeros(DType.U8, Shape.of(rows, columns));
        for (int i = 0; i < floats.length; i++) {
            bytes.setLong(i, floats[i] & 0xff);
        }
        Path file = directory.resolve("model.safetensors");
        new SafetensorsWriter()
                .tensor("a.weight", bytes)
                .tensor("a.weight_scale_inv", scales)
                .write(file);
        Files.write(file, renamed(Files.readAllBytes(file)));
        Files.writeString(
                directory.resolve("config.json"),
                "{\"model_type\": \"toy\", \"quantization_config\": {%s}}".formatted(quantization));
        return ModelFormats.open(directory);
    }

    /** The file with its bytes called 8-bit floats, which the writer does not have. */
    private static byte[] renamed(byte[] file) throws IOException {
        int size = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(file, 8, size, StandardCharsets.UTF_8).replace("\"U8\"", "\"F8_E4M3\"");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length())
                .array());
        out.write(header.getBytes(StandardCharsets.UTF_8));
        out.write(file, 8 + size, file.length - 8 - size);
        return out.toByteArray();
    }

    private static byte[] all() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    @Test
    void floatsHaveFourBitsOfExponentAndThreeOfMantissa() throws IOException {
        try (Checkpoint c = open("\"quant_method\": \"fp8\"", 2, 128, all(), Tensor.f32(Shape.of(1, 1), 1))) {
            float[] values = c.tensor("a.weight").toFloatArray();
            assertEquals(0, values[0]);
            assertEquals((float) Math.pow(2, -9), values[1], "the least");
            assertEquals((float) (7 * Math.pow(2, -9)), values[7], "the greatest without an exponent");
            assertEquals((float) Math.pow(2, -6), values[8], "the least with an exponent");
            assertEquals(1, values[0x38]);
            assertEquals(1.875f, values[0x3f]);
            assertEquals(448, values[0x7e], "the greatest");
            assertEquals(Float.NaN, values[0x7f]);
            for (int i = 0; i < 128; i++) {
                assertEquals(-values[i], values[i + 128], "the sign of " + i);
            }
        }
    }

    @Test
    void everyTileHasItsScale() throws IOException {
        byte[] ones = new byte[3 * 7];
        Arrays.fill(ones, (byte) 0x38);
        Tensor scales = Tensor.f32(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        float[] expected = {1, 1, 1, 2, 2, 2, 3, 1, 1, 1, 2, 2, 2, 3, 4, 4, 4, 5, 5, 5, 6};
        try (Checkpoint c = open(TILES, 3, 7, ones, scales)) {
            Tensor weight = c.tensor("a.weight");
            assertArrayEquals(expected, weight.toFloatArray());
            assertArrayEquals(
                    Arrays.copyOfRange(expected, 14, 21), weight.rows(2, 1).toFloatArray());
            Tensor part = Tensor.of(DType.F32, Shape.of(11), weight.bytes(5 * 4, 11 * 4));
            assertArrayEquals(Arrays.copyOfRange(expected, 5, 16), part.toFloatArray());
        }
    }

    @Test
    void scalesAreNoTensorsOfTheirOwn() throws IOException {
        try (Checkpoint c = open(TILES, 2, 3, new byte[6], Tensor.f32(Shape.of(1, 1), 1))) {
            assertEquals(
                    List.of(new TensorInfo("a.weight", "F8_E4M3 in 2×3", Optional.of(DType.F32), Shape.of(2, 3), 10)),
                    c.tensors());
        }
    }

    @Test
    void scalesOfOtherTilesAreRefused() {
        ModelFormatException e = assertThrows(
                ModelFormatException.class,
                () -> open(TILES, 3, 7, new byte[21], Tensor.f32(Shape.of(1, 3), 1, 1, 1))
                        .close());
        String message = String.valueOf(e.getMessage());
        assertTrue(
                message.endsWith(
                        "tensor 'a.weight_scale_inv' has shape [1, 3], expected [2, 3] for tiles of 2×3 of [3, 7]"),
                message);
    }
}
