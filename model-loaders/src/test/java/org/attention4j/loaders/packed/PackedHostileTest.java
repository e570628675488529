package org.attention4j.loaders.packed;

import static org.attention4j.loaders.BadInput.assertMutationsReadOrRefused;
import static org.attention4j.loaders.BadInput.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors that disagree with each other or with the configuration. */
class PackedHostileTest {
    private static final String GPTQ = "'quant_method': 'gptq', 'bits': 4, 'group_size': 32";
    private static final String AWQ = "'quant_method': 'awq', 'bits': 4, 'group_size': 32";

    @TempDir
    private Path dir;

    private byte[] file(Consumer<SafetensorsWriter> tensors) throws IOException {
        Path path = dir.resolve("model.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors.accept(writer);
        writer.write(path);
        return Files.readAllBytes(path);
    }

    private void refused(String quantization, Consumer<SafetensorsWriter> tensors, String... fragments)
            throws IOException {
        byte[] file = file(tensors);
        assertRefused(() -> PackedSample.readAll(quantization, file), fragments);
    }

    private static Tensor i32(long... dims) {
        return Tensor.zeros(DType.I32, Shape.of(dims));
    }

    private static Tensor f16(long... dims) {
        return Tensor.zeros(DType.F16, Shape.of(dims));
    }

    /** Adds a layer of 64 inputs and 16 outputs in groups of 32, but for what a test gives instead. */
    private static Consumer<SafetensorsWriter> layer(Tensor qweight, Tensor qzeros, Tensor scales) {
        return w -> w.tensor("a.qweight", qweight).tensor("a.qzeros", qzeros).tensor("a.scales", scales);
    }

    @Test
    void missingParts() throws IOException {
        refused(GPTQ, w -> w.tensor("a.qweight", i32(8, 16)), "a packed layer lacks tensor 'a.qzeros'");
        refused(
                GPTQ,
                w -> w.tensor("a.qweight", i32(8, 16)).tensor("a.qzeros", i32(2, 2)),
                "a packed layer lacks tensor 'a.scales'");
        refused(
                "'quant_method': 'mxfp4'",
                w -> w.tensor("a_blocks", Tensor.zeros(DType.U8, Shape.of(2, 2, 16))),
                "lacks tensor 'a_scales'");
        refused(
                "",
                w -> w.tensor("a.qweight", i32(8, 16)),
                "tensor 'a.qweight' is packed, but no quantization_config, quantize_config.json");
    }

    @Test
    void wrongTypesAndRanks() throws IOException {
        refused(
                GPTQ,
                layer(f16(8, 16), i32(2, 2), f16(2, 16)),
                "tensor 'a.qweight' is F16[8, 16], expected I32 of 2 dimensions");
        refused(GPTQ, layer(i32(8, 16), i32(4), f16(2, 16)), "tensor 'a.qzeros' is I32[4]");
        refused(GPTQ, layer(i32(8, 16), i32(2, 2), i32(2, 16)), "tensor 'a.scales' is I32[2, 16], expected a float");
        refused(
                GPTQ,
                layer(i32(8, 0), i32(2, 0), f16(2, 0)),
                "tensor 'a.qweight' has shape [8, 0], expected dimensions from 1 to 2147483647");
    }

    @Test
    void shapesThatDisagree() throws IOException {
        refused(
                GPTQ,
                layer(i32(8, 16), i32(2, 3), f16(2, 16)),
                "tensor 'a.qzeros' has shape [2, 3], expected [2, 2] for 16 outputs of 4 bits");
        refused(
                GPTQ,
                layer(i32(8, 17), i32(2, 2), f16(2, 16)),
                "tensor 'a.qweight' has shape [8, 17], expected [8, 16] for 16 outputs of 4 bits");
        refused(
                GPTQ,
                layer(i32(8, 16), i32(2, 2), f16(3, 16)),
                "tensor 'a.scales' has shape [3, 16], expected [2, 16] for groups of 32 of 64 inputs");
        refused(
                GPTQ.replace("4", "3"),
                layer(i32(7, 32), i32(1, 3), f16(1, 32)),
                "tensor 'a.qweight' has shape [7, 32], expected 3-bit integers of a whole number of");
        refused(
                GPTQ + ", 'dynamic': {}",
                layer(i32(8, 16), i32(2, 9), f16(2, 16)),
                "tensor 'a.qzeros' has shape [2, 9], expected 16 zero points of 2, 3, 4 or 8 bits");
        refused(
                AWQ,
                layer(i32(64, 3), i32(2, 2), f16(2, 16)),
                "tensor 'a.qweight' has shape [64, 3], expected [64, 2] for 16 outputs of 4 bits");
        refused(
                "'quant_method': 'mxfp4'",
                w -> w.tensor("a_blocks", Tensor.zeros(DType.U8, Shape.of(2, 2, 15)))
                        .tensor("a_scales", Tensor.zeros(DType.U8, Shape.of(2, 2))),
                "tensor 'a_blocks' has shape [2, 2, 15], expected [2, 2, 16]");
    }

    @Test
    void indicesOutOfRange() throws IOException {
        int[] groups = new int[64];
        groups[5] = 2;
        refused(
                GPTQ,
                layer(i32(8, 16), i32(2, 2), f16(2, 16))
                        .andThen(w -> w.tensor("a.g_idx", PackedLayer.integers(groups))),
                "tensor 'a.g_idx': input 5 is in group 2, expected 0 to 1");
        groups[5] = -1;
        refused(
                GPTQ,
                layer(i32(8, 16), i32(2, 2), f16(2, 16))
                        .andThen(w -> w.tensor("a.g_idx", PackedLayer.integers(groups))),
                "input 5 is in group -1");
        refused(
                GPTQ,
                layer(i32(8, 16), i32(2, 2), f16(2, 16)).andThen(w -> w.tensor("a.g_idx", i32(63))),
                "tensor 'a.g_idx' has shape [63], expected [64] for each input its group");
    }

    @Test
    void mutations() throws IOException {
        byte[] valid = file(w ->
                PackedLayer.random(1, 8, 4, PackedLayer.shuffled(32, 16), 1, 15).writeGptq(w, "a", 1, true));
        assertMutationsReadOrRefused(valid, bytes -> PackedSample.readAll(GPTQ.replace("32", "16"), bytes));
    }
}
