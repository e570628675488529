package org.attention4j.loaders.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedTensorsTest {
    @TempDir
    private Path dir;

    private final SafetensorsWriter file = new SafetensorsWriter();
    private Optional<Checkpoint> open = Optional.empty();

    private Checkpoint read(String quantization) throws IOException {
        file.write(dir.resolve("model.safetensors"));
        Files.writeString(
                dir.resolve("config.json"),
                "{\"model_type\": \"toy\", \"quantization_config\": {%s}}".formatted(quantization.replace('\'', '"')));
        Checkpoint checkpoint = ModelFormats.open(dir);
        open = Optional.of(checkpoint);
        return checkpoint;
    }

    @AfterEach
    void close() {
        open.ifPresent(Checkpoint::close);
    }

    private static String gptq(int bits, int groupSize) {
        return "'quant_method': 'gptq', 'bits': %d, 'group_size': %d".formatted(bits, groupSize);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 16, INT4_G16",
        "2, 32, INT4_G32",
        "2, 64, INT2_G64",
        "2, 128, INT2_G128",
        "3, 32, INT4_G32",
        "3, 128, INT4_G128",
        "4, 16, INT4_G16",
        "4, 32, INT4_G32",
        "4, 48, INT4_G16",
        "4, 64, INT4_G64",
        "4, 128, INT4_G128",
        "4, 8, F32",
        "8, 128, INT8_G128",
        "8, 384, INT8_G128",
        "8, 200, F32"
    })
    void gptqInOrder(int bits, int groupSize, DType dtype) throws IOException {
        PackedLayer layer = PackedLayer.random(1, 32, bits, PackedLayer.inOrder(384, groupSize), 1, (1 << bits) - 1);
        layer.writeGptq(file, "a", 1, false);
        Tensor weight = read(gptq(bits, groupSize)).tensor("a.weight");
        assertEquals(dtype, weight.dtype());
        assertEquals(Shape.of(32, 384), weight.shape());
        assertArrayEquals(layer.dequantised(), weight.toFloatArray());
    }

    @ParameterizedTest
    @CsvSource({"2, 64, INT2_G64", "3, 32, INT4_G32", "4, 16, INT4_G16", "4, 128, INT4_G128", "8, 64, INT8_G64"})
    void gptqWithInputsInAnyOrder(int bits, int groupSize, DType dtype) throws IOException {
        PackedLayer layer = PackedLayer.random(2, 64, bits, PackedLayer.shuffled(256, groupSize), 1, (1 << bits) - 1);
        layer.writeGptq(file, "a", 1, true);
        Tensor weight = read(gptq(bits, groupSize) + ", 'desc_act': true").tensor("a.weight");
        assertEquals(DType.F32, weight.dtype());
        assertEquals(dtype, ReorderedColumns.of(weight).orElseThrow().blocks().dtype());
        assertArrayEquals(layer.dequantised(), weight.toFloatArray());
    }

    /** Groups of different sizes, as no quantiser makes them but an index may state them. */
    @Test
    void groupsOfDifferentSizes() throws IOException {
        int[] groups = new int[64];
        Arrays.setAll(groups, i -> i % 4 == 0 ? 1 : 0);
        PackedLayer layer = PackedLayer.random(2, 32, 4, groups, 1, 15);
        layer.writeGptq(file, "a", 1, true);
        Tensor weight = read(gptq(4, 32)).tensor("a.weight");
        assertEquals(
                DType.INT4_G16,
                ReorderedColumns.of(weight).orElseThrow().blocks().dtype());
        assertArrayEquals(layer.dequantised(), weight.toFloatArray());
    }

    @Test
    void oneGroupForAll() throws IOException {
        PackedLayer layer = PackedLayer.random(3, 40, 4, PackedLayer.inOrder(96, 96), 8, 8);
        layer.writeGptq(file, "a", 1, true);
        Tensor weight = read(gptq(4, -1)).tensor("a.weight");
        assertEquals(DType.INT4_G32, weight.dtype());
        assertArrayEquals(layer.dequantised(), weight.toFloatArray());
    }

    @Test
    void version2StoresZeroPointsAsTheyAre() throws IOException {
        PackedLayer layer = PackedLayer.random(4, 32, 4, PackedLayer.inOrder(64, 32), 0, 15);
        layer.writeGptq(file, "a", 0, false);
        assertArrayEquals(
                layer.dequantised(),
                read(gptq(4, 32) + ", 'checkpoint_format': 'gptq_v2'")
                        .tensor("a.weight")
                        .toFloatArray());
    }

    /** Version 1 can state a zero point above all q: it takes more bits than q, or none that there are. */
    @ParameterizedTest
    @CsvSource({"2, 64, INT4_G64", "4, 64, INT8_G64", "8, 64, F32"})
    void zeroPointsAboveAllNumbers(int bits, int groupSize, DType dtype) throws IOException {
        PackedLayer layer = PackedLayer.random(5, 32, bits, PackedLayer.inOrder(128, groupSize), 1 << bits, 1 << bits);
        layer.writeGptq(file, "a", 1, false);
        Tensor weight = read(gptq(bits, groupSize)).tensor("a.weight");
        assertEquals(dtype, weight.dtype());
        assertArrayEquals(layer.dequantised(), weight.toFloatArray());
        // Some outputs, from inside one to inside another.
        Tensor part = Tensor.of(
                weight.dtype(),
                Shape.of(2, 64),
                weight.bytes(
                        weight.dtype().byteSize(Shape.of(64)), weight.dtype().byteSize(Shape.of(128))));
        assertArrayEquals(Arrays.copyOfRange(layer.dequantised(), 64, 192), part.toFloatArray());
    }

    @Test
    void layersMayDifferWhereTheConfigurationSaysSo() throws IOException {
        PackedLayer four = PackedLayer.random(6, 32, 4, PackedLayer.inOrder(128, 64), 1, 15);
        PackedLayer eight = PackedLayer.random(7, 32, 8, PackedLayer.inOrder(128, 32), 1, 255);
        four.writeGptq(file, "a", 1, true);
        eight.writeGptq(file, "b", 1, true);
        Checkpoint tensors = read(gptq(4, 64) + ", 'dynamic': {'b': {'bits': 8}}");
        assertArrayEquals(four.dequantised(), tensors.tensor("a.weight").toFloatArray());
        assertArrayEquals(eight.dequantised(), tensors.tensor("b.weight").toFloatArray());
    }

    @ParameterizedTest
    @CsvSource({"16, INT4_G16", "128, INT4_G128", "-1, INT4_G128"})
    void awq(int groupSize, DType dtype) throws IOException {
        int[] groups = PackedLayer.inOrder(256, groupSize < 0 ? 256 : groupSize);
        PackedLayer layer = PackedLayer.random(8, 24, 4, groups, 0, 15);
        layer.writeAwq(file, "a");
        Tensor weight = read("'quant_method': 'awq', 'bits': 4, 'version': 'GEMM', 'group_size': " + groupSize)
                .tensor("a.weight");
        assertEquals(dtype, weight.dtype());
        assertArrayEquals(layer.dequantised(), weight.toFloatArray());
    }

    @Test
    void anyRowsOfManyAreTheSame() throws IOException {
        PackedLayer layer = PackedLayer.random(9, 600, 4, PackedLayer.inOrder(64, 32), 1, 15);
        layer.writeGptq(file, "a", 1, false);
        Tensor weight = read(gptq(4, 32)).tensor("a.weight");
        float[] all = layer.dequantised();
        assertArrayEquals(all, weight.toFloatArray());
        assertArrayEquals(
                Arrays.copyOfRange(all, 300 * 64, 590 * 64),
                weight.rows(300, 290).toFloatArray());
        // Half a row, some rows, half a row.
        Tensor blocks = Tensor.of(weight.dtype(), Shape.of(8, 32), weight.bytes(11 * 21, 8 * 21));
        assertArrayEquals(Arrays.copyOfRange(all, 11 * 32, 19 * 32), blocks.toFloatArray());
    }

    @Test
    void listsWhatIsMeant() throws IOException {
        PackedLayer.random(1, 32, 3, PackedLayer.inOrder(64, 32), 1, 7).writeGptq(file, "a", 1, true);
        file.tensor("a.bias", Tensor.f32(Shape.of(2), 1, 2));
        Checkpoint tensors = read(gptq(3, 32));
        assertEquals(
                List.of("a.weight", "a.bias"),
                tensors.tensors().stream().map(TensorInfo::name).toList());
        TensorInfo info = tensors.tensors().getFirst();
        assertEquals("GPTQ int3 g32", info.type());
        assertEquals(Shape.of(32, 64), info.shape());
        assertEquals(DType.INT4_G32, info.dtype().orElseThrow());
        assertEquals((6 * 32 + 2 * 3) * 4 + 2 * 32 * 2 + 64 * 4, info.bytes());
        assertTrue(tensors.hasTensor("a.weight"));
        assertTrue(tensors.hasTensor("a.qweight"));
        assertFalse(tensors.hasTensor("b.weight"));
        assertEquals(2, tensors.tensor("a.bias").getDouble(1));
        assertEquals(tensors.tensor("a.weight"), tensors.tensor("a.weight"));
    }

    @Test
    void mxfp4() throws IOException {
        Tensor blocks = Tensor.zeros(DType.U8, Shape.of(2, 3, 2, 16));
        Tensor scales = Tensor.zeros(DType.U8, Shape.of(2, 3, 2));
        for (int i = 0; i < blocks.shape().elements(); i++) {
            blocks.setLong(i, i * 37 & 0xff);
        }
        for (int i = 0; i < scales.shape().elements(); i++) {
            scales.setLong(i, 125 + i % 4);
        }
        file.tensor("e.down_blocks", blocks).tensor("e.down_scales", scales);
        Checkpoint tensors = read("'quant_method': 'mxfp4'");
        Tensor weight = tensors.tensor("e.down");
        assertEquals(DType.MXFP4, weight.dtype());
        assertEquals(Shape.of(2, 3, 64), weight.shape());
        float[] values = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};
        float[] expected = new float[2 * 3 * 64];
        for (int i = 0; i < expected.length; i++) {
            long both = blocks.getLong(i / 2);
            float value = values[(int) (i % 2 == 0 ? both & 0xf : both >> 4)];
            expected[i] = value * Math.scalb(1f, (int) scales.getLong(i / 32) - 127);
        }
        assertArrayEquals(withoutNegativeZeros(expected), withoutNegativeZeros(weight.toFloatArray()));
        assertArrayEquals(
                withoutNegativeZeros(Arrays.copyOfRange(expected, 192, 384)),
                withoutNegativeZeros(weight.rows(1, 1).toFloatArray()));
        assertEquals("MXFP4", tensors.tensors().getFirst().type());
    }

    private static float[] withoutNegativeZeros(float[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = values[i] + 0f;
        }
        return out;
    }
}
