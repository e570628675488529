package org.attention4j.loaders.packed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.io.Json;

/** How a checkpoint's linear layers are packed, as its configuration says it. */
public sealed interface Quantization {
    /** Rows and columns of a tile of {@link Fp8}, if a configuration does not state them. */
    int USUAL_TILE = 128;

    /** Where weights share scales: GPTQ and AWQ. */
    sealed interface Grouped extends Quantization {
        /** The file that says so. */
        Path file();

        /** How many bits an integer has. */
        int bits();

        /** How many consecutive inputs share a scale and a zero point; −1: all. */
        int groupSize();
    }

    /**
     * GPTQ.
     *
     * @param bits 2, 3, 4 or 8
     * @param zeroOffset what is added to stored zero points: 1 in version 1 of the format, 0 in version 2
     * @param varies whether layers may differ from {@code bits} and {@code groupSize}, as their tensors' shapes say
     */
    record Gptq(Path file, int bits, int groupSize, int zeroOffset, boolean varies) implements Grouped {}

    /** AWQ in the layout called GEMM, always of 4 bits. */
    record Awq(Path file, int groupSize) implements Grouped {
        @Override
        public int bits() {
            return 4;
        }
    }

    /**
     * 8-bit floats, with a scale for each tile of a matrix (DeepSeek-V3, arXiv:2412.19437, section 3.3.2).
     *
     * @param tileRows how many rows a tile has
     * @param tileColumns how many columns it has
     */
    record Fp8(int tileRows, int tileColumns) implements Quantization {}

    /** 4-bit floats in blocks of 32 with a power of two as their scale. */
    record Mxfp4() implements Quantization {}

    /**
     * Reads {@code quantization_config} of a {@code config.json}, else a {@code quantize_config.json} (GPTQ) or
     * {@code quant_config.json} (AWQ) beside it.
     *
     * @return empty if none of them is there
     * @throws org.attention4j.loaders.UnsupportedModelException if it is a kind that is not read
     * @throws org.attention4j.loaders.ModelFormatException if a value is of a wrong type or out of range
     */
    static Optional<Quantization> read(Config config) {
        if (config.has("quantization_config")) {
            return Optional.of(of(config.section("quantization_config"), ""));
        }
        Optional<Quantization> gptq = beside(config.file(), "quantize_config.json", "gptq");
        return gptq.isPresent() ? gptq : beside(config.file(), "quant_config.json", "awq");
    }

    private static Optional<Quantization> beside(Path config, String name, String method) {
        Path file = config.resolveSibling(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        Json.readObject(file, 1 << 22, (key, value) -> Json.value(value).ifPresent(v -> values.put(key, v)));
        return Optional.of(of(Config.of(file, values), method));
    }

    private static Quantization of(Config config, String usualMethod) {
        String method = config.text("quant_method", usualMethod).toLowerCase(Locale.ROOT);
        return switch (method) {
            case "gptq" -> gptq(config);
            case "awq" -> awq(config);
            case "mxfp4" -> new Mxfp4();
            case "fp8" -> fp8(config);
            default -> throw config.unsupported("quant_method", "gptq, awq, fp8 or mxfp4");
        };
    }

    /** How activations are rounded does not matter: they are not. */
    private static Fp8 fp8(Config config) {
        if (!config.text("fmt", "e4m3").equals("e4m3")) {
            throw config.unsupported("fmt", "e4m3");
        }
        String key = "weight_block_size";
        if (!config.has(key)) {
            return new Fp8(USUAL_TILE, USUAL_TILE);
        }
        int[] sizes = config.integers(key);
        if (sizes.length != 2 || sizes[0] < 1 || sizes[1] < 1) {
            throw config.bad(key, "two positive integers");
        }
        return new Fp8(sizes[0], sizes[1]);
    }

    private static Gptq gptq(Config config) {
        int bits = config.integer("bits");
        if (bits != 2 && bits != 3 && bits != 4 && bits != 8) {
            throw config.unsupported("bits", "2, 3, 4 or 8");
        }
        String formatKey = config.has("checkpoint_format") ? "checkpoint_format" : "format";
        int zeroOffset = switch (config.text(formatKey, "gptq")) {
            case "gptq" -> 1;
            case "gptq_v2" -> 0;
            default -> throw config.unsupported(formatKey, "gptq or gptq_v2");
        };
        if (config.flag("is_marlin_format", false)) {
            throw config.unsupported("is_marlin_format", "false");
        }
        return new Gptq(config.file(), bits, groupSize(config, "group_size"), zeroOffset, config.has("dynamic"));
    }

    private static Awq awq(Config config) {
        String bitsKey = config.has("bits") ? "bits" : "w_bit";
        if (config.integer(bitsKey) != 4) {
            throw config.unsupported(bitsKey, "4");
        }
        String version = config.has("version") ? "version" : "format";
        if (!config.text(version, "gemm").equalsIgnoreCase("gemm")) {
            throw config.unsupported(version, "gemm");
        }
        return new Awq(config.file(), groupSize(config, config.has("group_size") ? "group_size" : "q_group_size"));
    }

    private static int groupSize(Config config, String key) {
        int size = config.integer(key);
        if (size < 1 && size != -1) {
            throw config.bad(key, "a positive integer, or -1 for one group");
        }
        return size;
    }
}
