package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.gguf.GgufWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What recorded models leave out: groups of V2's experts, YaRN, and older GGUF files. */
class DeepSeekTest {
    private static final int HIDDEN = 12;
    private static final int HEADS = 2;
    private static final int NOPE = 6;
    private static final int ROPE = 4;
    private static final int VALUE = 5;
    private static final int RANK = 8;
    private static final int EXPERTS = 4;
    private static final int EXPERT_HIDDEN = 7;
    private static final int[] TOKENS = {3, 0, 10, 7, 7, 1, 2, 9};
    private static final String FIRST = "model.layers.0.";
    private static final String SECOND = "model.layers.1.";

    @TempDir
    private Path directory;

    /** Like V2-Lite: queries are projected at once. The second layer has experts. */
    private static WrittenModel model() {
        WrittenModel model = new WrittenModel().linear("model.embed_tokens", 11, HIDDEN);
        for (String layer : new String[] {FIRST, SECOND}) {
            String attention = layer + "self_attn.";
            model.add(layer + "input_layernorm.weight", HIDDEN)
                    .linear(attention + "q_proj", HEADS * (NOPE + ROPE), HIDDEN)
                    .linear(attention + "kv_a_proj_with_mqa", RANK + ROPE, HIDDEN)
                    .add(attention + "kv_a_layernorm.weight", RANK)
                    .linear(attention + "kv_b_proj", HEADS * (NOPE + VALUE), RANK)
                    .linear(attention + "o_proj", HIDDEN, HEADS * VALUE)
                    .add(layer + "post_attention_layernorm.weight", HIDDEN);
        }
        mlp(model, FIRST + "mlp.", 20);
        model.linear(SECOND + "mlp.gate", EXPERTS, HIDDEN);
        for (int i = 0; i < EXPERTS; i++) {
            mlp(model, SECOND + "mlp.experts." + i + ".", EXPERT_HIDDEN);
        }
        mlp(model, SECOND + "mlp.shared_experts.", 2 * EXPERT_HIDDEN);
        return model.add("model.norm.weight", HIDDEN).linear("lm_head", 11, HIDDEN);
    }

    private static void mlp(WrittenModel model, String prefix, int hidden) {
        model.linear(prefix + "gate_proj", hidden, HIDDEN)
                .linear(prefix + "up_proj", hidden, HIDDEN)
                .linear(prefix + "down_proj", HIDDEN, hidden);
    }

    private static Map<String, String> config() {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("model_type", "\"deepseek_v2\"");
        config.put("hidden_size", "12");
        config.put("num_hidden_layers", "2");
        config.put("num_attention_heads", "2");
        config.put("max_position_embeddings", "32");
        config.put("rms_norm_eps", "1e-6");
        config.put("q_lora_rank", "null");
        config.put("kv_lora_rank", "8");
        config.put("qk_nope_head_dim", "6");
        config.put("qk_rope_head_dim", "4");
        config.put("v_head_dim", "5");
        config.put("first_k_dense_replace", "1");
        config.put("n_routed_experts", "4");
        config.put("n_shared_experts", "2");
        config.put("num_experts_per_tok", "2");
        config.put("topk_method", "\"group_limited_greedy\"");
        config.put("n_group", "2");
        config.put("topk_group", "1");
        config.put("routed_scaling_factor", "1.5");
        config.put("rope_theta", "100");
        config.put("rope_scaling", """
            {"type": "yarn", "factor": 4, "original_max_position_embeddings": 8, "mscale": 0.7, "mscale_all_dim": 0.7}\
            """);
        return config;
    }

    private static String json(Map<String, String> config) {
        return config.entrySet().stream()
                .map(e -> "\"%s\": %s".formatted(e.getKey(), e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private Path write(Map<String, String> config) {
        return model().write(directory, json(config));
    }

    private MlaConfig attention(Map<String, String> config) {
        try (Checkpoint c = ModelFormats.open(write(config))) {
            return DeepSeekAttention.config(c);
        }
    }

    @Test
    void olderGgufFilesDescribeTheExpandedWay() throws IOException {
        WrittenModel model = model();
        GgufWriter gguf = gguf(model)
                .uint32("deepseek2.attention.head_count_kv", HEADS)
                .uint32("deepseek2.attention.key_length", NOPE + ROPE)
                .uint32("deepseek2.attention.value_length", VALUE);
        for (int i = 0; i < 2; i++) {
            model.copy(
                    "model.layers.%d.self_attn.kv_b_proj.weight".formatted(i), gguf, "blk." + i + ".attn_kv_b.weight");
        }
        assertSameLogits(model, gguf);
    }

    @Test
    void newerGgufFilesDescribeTheAbsorbedWay() throws IOException {
        WrittenModel model = model();
        GgufWriter gguf = gguf(model)
                .uint32("deepseek2.attention.head_count_kv", 1)
                .uint32("deepseek2.attention.key_length", RANK + ROPE)
                .uint32("deepseek2.attention.value_length", RANK)
                .uint32("deepseek2.attention.key_length_mla", NOPE + ROPE)
                .uint32("deepseek2.attention.value_length_mla", VALUE);
        for (int i = 0; i < 2; i++) {
            Tensor both = model.tensor("model.layers.%d.self_attn.kv_b_proj.weight".formatted(i));
            Tensor keys = Tensor.zeros(DType.F32, Shape.of(HEADS, RANK, NOPE));
            Tensor values = Tensor.zeros(DType.F32, Shape.of(HEADS, VALUE, RANK));
            for (int h = 0; h < HEADS; h++) {
                for (int r = 0; r < RANK; r++) {
                    int head = h * (NOPE + VALUE);
                    for (int d = 0; d < NOPE; d++) {
                        keys.setDouble((h * RANK + r) * NOPE + d, both.getDouble((head + d) * RANK + r));
                    }
                    for (int d = 0; d < VALUE; d++) {
                        values.setDouble((h * VALUE + d) * RANK + r, both.getDouble((head + NOPE + d) * RANK + r));
                    }
                }
            }
            gguf.tensor("blk." + i + ".attn_k_b.weight", keys).tensor("blk." + i + ".attn_v_b.weight", values);
        }
        assertSameLogits(model, gguf);
    }

    private static GgufWriter gguf(WrittenModel model) {
        GgufWriter gguf = new GgufWriter()
                .string("general.architecture", "deepseek2")
                .uint32("deepseek2.block_count", 2)
                .uint32("deepseek2.context_length", 32)
                .uint32("deepseek2.embedding_length", HIDDEN)
                .uint32("deepseek2.attention.head_count", HEADS)
                .float32("deepseek2.attention.layer_norm_rms_epsilon", 1e-6)
                .uint32("deepseek2.attention.kv_lora_rank", RANK)
                .uint32("deepseek2.rope.dimension_count", ROPE)
                .float32("deepseek2.rope.freq_base", 100)
                .string("deepseek2.rope.scaling.type", "yarn")
                .float32("deepseek2.rope.scaling.factor", 4)
                .uint32("deepseek2.rope.scaling.original_context_length", 8)
                .float32("deepseek2.rope.scaling.yarn_log_multiplier", 0.07)
                .uint32("deepseek2.leading_dense_block_count", 1)
                .uint32("deepseek2.expert_count", EXPERTS)
                .uint32("deepseek2.expert_used_count", 2)
                .uint32("deepseek2.expert_shared_count", 2)
                .uint32("deepseek2.expert_group_count", 2)
                .uint32("deepseek2.expert_group_used_count", 1)
                .float32("deepseek2.expert_weights_scale", 1.5)
                .bool("deepseek2.expert_weights_norm", false);
        model.copy("model.embed_tokens.weight", gguf, "token_embd.weight");
        model.copy("model.norm.weight", gguf, "output_norm.weight");
        model.copy("lm_head.weight", gguf, "output.weight");
        for (int i = 0; i < 2; i++) {
            String layer = "model.layers." + i + ".";
            String block = "blk." + i + ".";
            model.copy(layer + "input_layernorm.weight", gguf, block + "attn_norm.weight");
            model.copy(layer + "self_attn.q_proj.weight", gguf, block + "attn_q.weight");
            model.copy(layer + "self_attn.kv_a_proj_with_mqa.weight", gguf, block + "attn_kv_a_mqa.weight");
            model.copy(layer + "self_attn.kv_a_layernorm.weight", gguf, block + "attn_kv_a_norm.weight");
            model.copy(layer + "self_attn.o_proj.weight", gguf, block + "attn_output.weight");
            model.copy(layer + "post_attention_layernorm.weight", gguf, block + "ffn_norm.weight");
        }
        for (String part : new String[] {"gate", "up", "down"}) {
            String weight = part + "_proj.weight";
            model.copy(FIRST + "mlp." + weight, gguf, "blk.0.ffn_" + part + ".weight");
            model.copy(SECOND + "mlp.shared_experts." + weight, gguf, "blk.1.ffn_" + part + "_shexp.weight");
            gguf.tensor("blk.1.ffn_" + part + "_exps.weight", stacked(model, weight));
        }
        model.copy(SECOND + "mlp.gate.weight", gguf, "blk.1.ffn_gate_inp.weight");
        return gguf;
    }

    private static Tensor stacked(WrittenModel model, String weight) {
        Tensor first = model.tensor(SECOND + "mlp.experts.0." + weight);
        long size = first.shape().elements();
        Tensor all = Tensor.zeros(
                DType.F32, Shape.of(EXPERTS, first.shape().dim(0), first.shape().dim(1)));
        for (int e = 0; e < EXPERTS; e++) {
            Tensor expert = model.tensor(SECOND + "mlp.experts." + e + "." + weight);
            for (long i = 0; i < size; i++) {
                all.setDouble(e * size + i, expert.getDouble(i));
            }
        }
        return all;
    }

    private void assertSameLogits(WrittenModel model, GgufWriter gguf) throws IOException {
        Path file = directory.resolve("model.gguf");
        gguf.write(file);
        Path original = model.write(directory.resolve("original"), json(config()));
        PlainMath.assertNear(WrittenModel.logits(original, TOKENS), WrittenModel.logits(file, TOKENS));
    }

    @Test
    void yarnEnlargesAllScoresAndNotTheRotation() {
        MlaConfig config = attention(config());
        double mscale = 1 + 0.07 * Math.log(4);
        assertEquals(mscale * mscale / Math.sqrt(NOPE + ROPE), config.spec().scale(), 1e-12);
        assertEquals(1, config.rope().scaling().attentionFactor(), 1e-12);
    }

    @Test
    void withoutYarnTheScaleIsThatOfTheHeads() {
        Map<String, String> config = config();
        config.put("rope_scaling", "null");
        assertEquals(1 / Math.sqrt(NOPE + ROPE), attention(config).spec().scale());
    }

    @Test
    void pairsAreNeighboursUnlessV3SaysOtherwise() {
        Map<String, String> config = config();
        assertEquals(RopeStyle.INTERLEAVED, attention(config).rope().style());
        config.put("model_type", "\"deepseek_v3\"");
        assertEquals(RopeStyle.INTERLEAVED, attention(config).rope().style());
        config.put("rope_interleave", "false");
        assertEquals(RopeStyle.HALF, attention(config).rope().style());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '|',
            value = {
                "num_hidden_layers; 2147483647; 'num_hidden_layers' is 2147483647, expected at most",
                "num_hidden_layers; 0; 'num_hidden_layers' is 0",
                "kv_lora_rank; -8; 'kv_lora_rank' is -8",
                "q_lora_rank; -1; mla: qLoraRank -1 is not positive",
                "qk_rope_head_dim; 5; rope: rotaryDim is 5",
                "qk_nope_head_dim; 2147483647; are too large",
                "qk_nope_head_dim; 1000000; self_attn",
                "num_attention_heads; 2147483647; self_attn",
                "v_head_dim; 0; 'v_head_dim' is 0",
                "n_routed_experts; 2147483647; 'n_routed_experts' is 2147483647",
                "n_routed_experts; 3; 'n_routed_experts' is 3",
                "num_experts_per_tok; 5; 'num_experts_per_tok' is 5, expected at most the number of experts, 4",
                "topk_group; 3; 3 groups chosen of 2",
                "n_group; 3; 4 experts are not a multiple of 3 groups",
                "topk_method; \"best\"; 'topk_method' is 'best'",
                "moe_layer_freq; 2; 'moe_layer_freq' is 2",
                "rope_scaling; {\"type\": \"yarn\", \"factor\": -4}; factor",
            })
    void wrongConfigurationsAreExplainedInALine(String key, String value, String expected) {
        Map<String, String> config = config();
        config.put(key, value);
        try (Checkpoint c = ModelFormats.open(write(config))) {
            RuntimeException e = assertThrows(
                    RuntimeException.class,
                    () -> Architectures.define(c).graph(new GraphOptions(Dims.BATCH, Storage.EXACT)));
            String message = String.valueOf(e.getMessage());
            assertFalse(message.contains("\n"), message);
            assertTrue(message.contains(expected), message);
        }
    }

    @Test
    void queriesThatAreScaledByPositionAreRefused() throws IOException {
        Path file = directory.resolve("model.gguf");
        gguf(model()).float32("deepseek2.attention.temperature_scale", 0.1).write(file);
        try (Checkpoint c = ModelFormats.open(file)) {
            ModelFormatException e = assertThrows(ModelFormatException.class, () -> Architectures.define(c));
            assertEquals(
                    file
                            + ": 'deepseek2.attention.temperature_scale' is 0.10000000149011612, expected none:"
                            + " queries are not scaled by their positions",
                    e.getMessage());
        }
    }
}
