package org.attention4j.loaders.ggufmodel;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.attention4j.LanguageModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Golden;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.gguf.GgufFile;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufExportTest {
    private static final int HIDDEN = 24;
    private static final int FF = 32;
    private static final String SIZES = """
            "hidden_size": 24, "num_hidden_layers": 1, "intermediate_size": 32, "num_attention_heads": 2,
            "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
            "tie_word_embeddings": true, "vocab_size": 40
            """;

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    @TempDir
    private Path folder;

    /** The result of Llama 3's rule, and a linear one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rope_type\": \"llama3\", \"rope_theta\": 10000, \"factor\": 8, \"low_freq_factor\": 1,"
                        + " \"high_freq_factor\": 4, \"original_max_position_embeddings\": 16}",
                "{\"rope_type\": \"linear\", \"rope_theta\": 10000, \"factor\": 2}",
                "{\"rope_type\": \"yarn\", \"rope_theta\": 10000, \"factor\": 4, \"original_max_position_embeddings\": 16}"
            })
    void scaledRotationsComputeTheSame(String rope) throws IOException {
        Path model = llama("\"model_type\": \"llama\", \"rope_parameters\": " + rope);
        assertArrayEquals(logits(model), logits(convert(model, DType.F32)), 1e-5);
    }

    /** In the forms of flash-linear-attention and of the authors. */
    @ParameterizedTest
    @ValueSource(strings = {"rwkv7_fla", "rwkv7_blinkdl"})
    void rwkvComputesTheSame(String name) throws IOException {
        Path model = Golden.path("models/" + name);
        assertArrayEquals(logits(model), logits(convert(model, DType.F32)), 1e-5);
    }

    @Test
    void rowsThatBlocksDoNotDivideAreF16() throws IOException {
        try (GgufFile file = GgufFile.open(convert(llama("\"model_type\": \"llama\""), DType.Q4_0))) {
            assertEquals("F16[40, 24]", file.tensor("token_embd.weight").toString());
            assertEquals("Q4_0[24, 32]", file.tensor("blk.0.ffn_down.weight").toString());
            assertEquals("F32[24]", file.tensor("output_norm.weight").toString());
            assertEquals(2, file.metadata().integer("general.file_type"));
        }
    }

    @Test
    void whatTheFileCannotTellIsRefused() throws IOException {
        refuse("\"model_type\": \"llama\", \"hidden_act\": \"gelu\"", "hidden_act is gelu, expected silu");
        refuse(
                "\"model_type\": \"llama\", \"partial_rotary_factor\": 0.5",
                "6 of the 12 entries of a head are rotated, expected all for the architecture llama");
        refuse(
                "\"model_type\": \"llama\", \"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2}",
                "rotations are scaled by the rule dynamicntk, expected default, linear, yarn or llama3");
        refuse(
                "\"model_type\": \"qwen2\", \"use_sliding_window\": true, \"sliding_window\": 8, \"max_window_layers\": 0",
                "layers see the last 8 tokens, and the architecture qwen2 has no sliding window");
        refuse("\"model_type\": \"olmo2\"", "the architecture 'olmo2' is not one of those that are known here");
    }

    /** A number that its type can't hold: what was there before stays, and nothing else is left. */
    @Test
    void aFailureLeavesNothingBehind() throws IOException {
        Path model = llama("\"model_type\": \"llama\"", Map.of("model.layers.0.mlp.up_proj.weight", 1e6));
        Path out = folder.resolve("out");
        Files.createDirectory(out);
        Files.writeString(out.resolve("old.gguf"), "old");
        for (DType type : new DType[] {DType.F16, DType.Q4_0}) {
            assertRefused(
                    () -> write(model, type, out.resolve("old.gguf")),
                    "tensor 'blk.0.ffn_up.weight' holds ",
                    " for the type F16");
        }
        assertEquals("old", Files.readString(out.resolve("old.gguf")));
        assertEquals(1, Objects.requireNonNull(out.toFile().list()).length);
        write(model, DType.F32, out.resolve("old.gguf"));
        assertArrayEquals(logits(model), logits(out.resolve("old.gguf")), 1e-5);
    }

    private void refuse(String config, String message) throws IOException {
        Path model = llama(config);
        assertRefused(() -> convert(model, DType.F16), "as GGUF: " + message);
    }

    private Path llama(String config) throws IOException {
        return llama(config, Map.of());
    }

    /** A llama of one layer, with some tensors multiplied. */
    private Path llama(String config, Map<String, Double> factors) throws IOException {
        tensors.clear();
        add("model.embed_tokens", 40, HIDDEN);
        add("model.norm", HIDDEN);
        String layer = "model.layers.0.";
        add(layer + "input_layernorm", HIDDEN);
        add(layer + "post_attention_layernorm", HIDDEN);
        add(layer + "self_attn.q_proj", HIDDEN, HIDDEN);
        add(layer + "self_attn.k_proj", HIDDEN / 2, HIDDEN);
        add(layer + "self_attn.v_proj", HIDDEN / 2, HIDDEN);
        add(layer + "self_attn.o_proj", HIDDEN, HIDDEN);
        add(layer + "mlp.gate_proj", FF, HIDDEN);
        add(layer + "mlp.up_proj", FF, HIDDEN);
        add(layer + "mlp.down_proj", HIDDEN, FF);
        if (config.contains("qwen2")) {
            addBias(layer + "self_attn.q_proj", HIDDEN);
            addBias(layer + "self_attn.k_proj", HIDDEN / 2);
            addBias(layer + "self_attn.v_proj", HIDDEN / 2);
        }
        factors.forEach((name, factor) -> {
            Tensor t = Objects.requireNonNull(tensors.get(name));
            for (long i = 0; i < t.shape().elements(); i++) {
                t.setDouble(i, t.getDouble(i) * factor);
            }
        });
        Path directory = Files.createTempDirectory(folder, "model");
        Files.writeString(directory.resolve("config.json"), "{" + config + ", " + SIZES + "}");
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors.forEach(writer::tensor);
        writer.write(directory.resolve("model.safetensors"));
        return directory;
    }

    private void add(String name, long... dims) {
        tensors.put(name + ".weight", RandomTensors.normal(name.hashCode(), 0.4, Shape.of(dims)));
    }

    private void addBias(String name, long size) {
        tensors.put(name + ".bias", RandomTensors.normal(~name.hashCode(), 0.4, Shape.of(size)));
    }

    private Path convert(Path model, DType type) throws IOException {
        Path out = folder.resolve("model.gguf");
        write(model, type, out);
        return out;
    }

    private static void write(Path model, DType type, Path out) throws IOException {
        try (Checkpoint checkpoint = ModelFormats.open(model)) {
            GgufExport.prepare(checkpoint, Architectures.define(checkpoint), type, out)
                    .write();
        }
    }

    private static double[] logits(Path model) {
        int[] tokens = new int[30];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (i * 7 + 3) % 40;
        }
        try (LanguageModel opened = LanguageModel.builder(model.toString())
                        .backend("reference")
                        .open();
                Session session = opened.newSession()) {
            Tensor logits = session.score(tokens);
            double[] all = new double[(int) logits.shape().elements()];
            for (int i = 0; i < all.length; i++) {
                all[i] = logits.getDouble(i);
            }
            return all;
        }
    }
}
