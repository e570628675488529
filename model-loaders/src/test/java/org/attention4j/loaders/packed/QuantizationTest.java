package org.attention4j.loaders.packed;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.UnsupportedModelException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizationTest {
    @TempDir
    private Path dir;

    /** What a config says whose quantization_config has these keys, each before its value. */
    private Optional<Quantization> read(Object... values) {
        Map<String, Object> config = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            config.put("quantization_config", true);
            config.put("quantization_config." + values[i], values[i + 1]);
        }
        return Quantization.read(Config.of(dir.resolve("config.json"), config));
    }

    private static Quantization.Grouped grouped(Optional<Quantization> q) {
        return assertInstanceOf(Quantization.Grouped.class, q.orElseThrow());
    }

    @Test
    void nothing() {
        assertEquals(Optional.empty(), read());
    }

    @Test
    void gptq() {
        Path file = dir.resolve("config.json");
        assertEquals(
                new Quantization.Gptq(file, 4, 128, 1, false),
                grouped(read("quant_method", "gptq", "bits", 4L, "group_size", 128L, "desc_act", false, "sym", true)));
        assertEquals(
                new Quantization.Gptq(file, 3, -1, 0, true),
                grouped(read(
                        "quant_method",
                        "GPTQ",
                        "bits",
                        3L,
                        "group_size",
                        -1L,
                        "checkpoint_format",
                        "gptq_v2",
                        "dynamic",
                        Map.of())));
    }

    @Test
    void awq() {
        Quantization.Grouped awq =
                grouped(read("quant_method", "awq", "bits", 4L, "group_size", 64L, "version", "gemm"));
        assertEquals(new Quantization.Awq(dir.resolve("config.json"), 64), awq);
        assertEquals(4, awq.bits());
    }

    @Test
    void fp8() {
        assertEquals(
                Optional.of(new Quantization.Fp8(128, 128)),
                read("quant_method", "fp8", "fmt", "e4m3", "activation_scheme", "dynamic"));
        assertEquals(
                Optional.of(new Quantization.Fp8(64, 32)),
                read("quant_method", "fp8", "weight_block_size", List.of(64L, 32L)));
        assertRefused(() -> read("quant_method", "fp8", "fmt", "e5m2"), "fmt' is 'e5m2', expected e4m3");
        assertRefused(
                () -> read("quant_method", "fp8", "weight_block_size", List.of(0L, 32L)),
                "weight_block_size' is an array of 2, expected two positive integers");
        assertRefused(
                () -> read("quant_method", "fp8", "weight_block_size", List.of(128L)),
                "weight_block_size' is an array of 1, expected two positive integers");
    }

    @Test
    void filesBesideTheConfiguration() throws IOException {
        Path awq = dir.resolve("quant_config.json");
        Files.writeString(awq, "{\"zero_point\": true, \"q_group_size\": 128, \"w_bit\": 4, \"version\": \"GEMM\"}");
        assertEquals(new Quantization.Awq(awq, 128), grouped(read()));
        Path gptq = dir.resolve("quantize_config.json");
        Files.writeString(gptq, "{\"bits\": 8, \"group_size\": 32, \"model_name_or_path\": null}");
        assertEquals(new Quantization.Gptq(gptq, 8, 32, 1, false), grouped(read()));
        Files.writeString(gptq, "[]");
        assertRefused(this::read, "quantize_config.json", "not an object");
    }

    @ParameterizedTest
    @CsvSource({"bitsandbytes", "compressed-tensors", "hqq", "eetq", "quanto", "aqlm"})
    void saysWhichMethodsThereAre(String method) {
        UnsupportedModelException e =
                Assertions.assertThrows(UnsupportedModelException.class, () -> read("quant_method", method));
        assertEquals(
                "%s: 'quantization_config.quant_method' is '%s', expected gptq, awq, fp8 or mxfp4"
                        .formatted(dir.resolve("config.json"), method),
                e.getMessage());
    }

    @Test
    void wrongValues() {
        assertRefused(() -> read("load_in_8bit", true), "quant_method' is missing, expected gptq, awq, fp8 or mxfp4");
        assertRefused(() -> read("quant_method", 1L), "quant_method' is 1, expected a string");
        assertRefused(() -> read("quant_method", "gptq"), "bits' is missing");
        assertRefused(
                () -> read("quant_method", "gptq", "bits", 5L, "group_size", 32L),
                "'quantization_config.bits' is 5, expected 2, 3, 4 or 8");
        assertRefused(
                () -> read("quant_method", "gptq", "bits", 4L, "group_size", 0L),
                "'quantization_config.group_size' is 0, expected a positive integer, or -1 for one group");
        assertRefused(() -> read("quant_method", "gptq", "bits", 4L, "group_size", 1e30), "group_size' is 1.0E30");
        assertRefused(
                () -> read("quant_method", "gptq", "bits", 4L, "group_size", 64L, "checkpoint_format", "marlin"),
                "checkpoint_format' is 'marlin', expected gptq or gptq_v2");
        assertRefused(
                () -> read("quant_method", "gptq", "bits", 4L, "group_size", 64L, "is_marlin_format", true),
                "is_marlin_format' is true");
        assertRefused(
                () -> read("quant_method", "awq", "bits", 4L, "group_size", 64L, "version", "gemv"),
                "version' is 'gemv', expected gemm");
        assertRefused(() -> read("quant_method", "awq", "w_bit", 3L), "w_bit' is 3, expected 4");
    }
}
