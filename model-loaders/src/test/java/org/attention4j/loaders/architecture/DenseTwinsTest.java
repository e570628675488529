package org.attention4j.loaders.architecture;

import static org.attention4j.loaders.architecture.TwinModel.HIDDEN;
import static org.attention4j.loaders.architecture.TwinModel.INTERMEDIATE;
import static org.attention4j.loaders.architecture.TwinModel.VOCABULARY;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as llama.cpp's converter writes them give what the same models do as transformers writes them. */
class DenseTwinsTest {
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int HEAD_DIM = 4;

    /** What all configurations say, and the most of the metadata. */
    private static final String SIZES = """
        "hidden_size":16,"intermediate_size":24,"num_attention_heads":4,"num_key_value_heads":2,
        "max_position_embeddings":64,"rms_norm_eps":1e-5,"layer_norm_eps":1e-5,\
        """;

    @TempDir
    Path dir;

    private static TwinModel model(String type, String architecture, int layers, String config) {
        String json = "{\"model_type\":\"%s\",\"num_hidden_layers\":%d,%s%s}".formatted(type, layers, SIZES, config);
        TwinModel model = new TwinModel(json, architecture, layers);
        model.gguf()
                .uint32(architecture + ".attention.head_count", HEADS)
                .uint32(architecture + ".attention.head_count_kv", KV_HEADS)
                .float32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5)
                .float32(architecture + ".attention.layer_norm_epsilon", 1e-5);
        return model;
    }

    private static String layer(int i) {
        return "model.layers." + i + ".";
    }

    private static void attention(
            TwinModel model, int i, int headDim, UnaryOperator<Tensor> q, UnaryOperator<Tensor> k) {
        String attn = layer(i) + "self_attn.";
        String blk = "blk." + i + ".";
        model.weight(attn + "q_proj.weight", blk + "attn_q.weight", q, (long) HEADS * headDim, HIDDEN)
                .weight(attn + "k_proj.weight", blk + "attn_k.weight", k, (long) KV_HEADS * headDim, HIDDEN)
                .weight(attn + "v_proj.weight", blk + "attn_v.weight", (long) KV_HEADS * headDim, HIDDEN)
                .weight(attn + "o_proj.weight", blk + "attn_output.weight", HIDDEN, (long) HEADS * headDim);
    }

    private static void attention(TwinModel model, int i) {
        attention(model, i, HEAD_DIM, UnaryOperator.identity(), UnaryOperator.identity());
    }

    private static void mlp(TwinModel model, int i) {
        String mlp = layer(i) + "mlp.";
        String blk = "blk." + i + ".";
        model.weight(mlp + "gate_proj.weight", blk + "ffn_gate.weight", INTERMEDIATE, HIDDEN)
                .weight(mlp + "up_proj.weight", blk + "ffn_up.weight", INTERMEDIATE, HIDDEN)
                .weight(mlp + "down_proj.weight", blk + "ffn_down.weight", HIDDEN, INTERMEDIATE);
    }

    private static void gemmaBlock(TwinModel model, int i, int headDim) {
        String blk = "blk." + i + ".";
        attention(model, i, headDim, UnaryOperator.identity(), UnaryOperator.identity());
        mlp(model, i);
        gemmaNorm(model, layer(i) + "input_layernorm", blk + "attn_norm", HIDDEN);
        gemmaNorm(model, layer(i) + "post_attention_layernorm", blk + "post_attention_norm", HIDDEN);
        gemmaNorm(model, layer(i) + "pre_feedforward_layernorm", blk + "ffn_norm", HIDDEN);
        gemmaNorm(model, layer(i) + "post_feedforward_layernorm", blk + "post_ffw_norm", HIDDEN);
    }

    private static void gemmaNorm(TwinModel model, String name, String ggufName, int size) {
        model.weight(name + ".weight", ggufName + ".weight", TwinModel::plusOne, size);
    }

    private static TwinModel smallGemma2(int layers, double queryScalar) {
        TwinModel model = model("gemma2", "gemma2", layers, """
            "head_dim":8,"query_pre_attn_scalar":%s,"sliding_window":3,"attn_logit_softcapping":2.0,
            "final_logit_softcapping":5.0,"hidden_activation":"gelu_pytorch_tanh"\
            """.formatted(queryScalar));
        model.gguf()
                .uint32("gemma2.attention.key_length", 8)
                .uint32("gemma2.attention.value_length", 8)
                .uint32("gemma2.attention.sliding_window", 3)
                .float32("gemma2.attn_logit_softcapping", 2)
                .float32("gemma2.final_logit_softcapping", 5);
        gemmaNorm(model, "model.norm", "output_norm", HIDDEN);
        for (int i = 0; i < layers; i++) {
            gemmaBlock(model, i, 8);
        }
        return model;
    }

    @Test
    void gemma2() throws IOException {
        smallGemma2(3, 8).assertSameLogits(dir);
    }

    @Test
    void theLargestGemma2DividesScoresByAnotherSize() throws IOException {
        smallGemma2(46, (double) HIDDEN / HEADS).assertSameLogits(dir);
    }

    private static TwinModel smallGemma3() {
        TwinModel model = model("gemma3_text", "gemma3", 7, """
            "head_dim":8,"query_pre_attn_scalar":8,"sliding_window":3,"sliding_window_pattern":6,
            "rope_theta":5000.0,"rope_local_base_freq":300.0,"rope_scaling":{"rope_type":"linear","factor":8.0}\
            """);
        model.gguf()
                .uint32("gemma3.attention.key_length", 8)
                .uint32("gemma3.attention.value_length", 8)
                .uint32("gemma3.attention.sliding_window", 3)
                .float32("gemma3.rope.freq_base", 5000)
                .float32("gemma3.rope.freq_base_swa", 300)
                .string("gemma3.rope.scaling.type", "linear")
                .float32("gemma3.rope.scaling.factor", 8);
        gemmaNorm(model, "model.norm", "output_norm", HIDDEN);
        for (int i = 0; i < 7; i++) {
            gemmaBlock(model, i, 8);
            gemmaNorm(model, layer(i) + "self_attn.q_norm", "blk." + i + ".attn_q_norm", 8);
            gemmaNorm(model, layer(i) + "self_attn.k_norm", "blk." + i + ".attn_k_norm", 8);
        }
        return model;
    }

    @Test
    void gemma3() throws IOException {
        smallGemma3().assertSameLogits(dir);
    }

    @Test
    void theTensorsOfAModelOfTextAndImagesAreFound() throws IOException {
        TwinModel model = smallGemma3();
        Tensor expected = TwinModel.logits(model.writeTransformers(dir, UnaryOperator.identity()));
        Tensor older = TwinModel.logits(model.writeTransformers(dir, name -> "language_model." + name));
        Tensor newer = TwinModel.logits(
                model.writeTransformers(dir, name -> name.replaceFirst("^model\\.", "model.language_model.")));
        Compare.assertClose("older names", expected, older, Tolerance.EXACT);
        Compare.assertClose("newer names", expected, newer, Tolerance.EXACT);
    }

    @Test
    void phi3ForLongContexts() throws IOException {
        TwinModel model = model("phi3", "phi3", 2, """
            "sliding_window":4,"original_max_position_embeddings":6,
            "rope_scaling":{"type":"longrope","short_factor":[1.0,1.5],"long_factor":[3.0,9.0]}\
            """);
        double attentionFactor = Math.sqrt(1 + Math.log(64 / 6.0) / Math.log(6));
        model.gguf()
                .uint32("phi3.rope.dimension_count", HEAD_DIM)
                .uint32("phi3.rope.scaling.original_context_length", 6)
                .uint32("phi3.attention.sliding_window", 4)
                .float32("phi3.rope.scaling.attn_factor", attentionFactor);
        model.inGguf("rope_factors_short.weight", Tensor.f32(Shape.of(2), 1, 1.5f))
                .inGguf("rope_factors_long.weight", Tensor.f32(Shape.of(2), 3, 9))
                .weight("lm_head.weight", "output.weight", VOCABULARY, HIDDEN)
                .weight("model.norm.weight", "output_norm.weight", HIDDEN);
        for (int i = 0; i < 2; i++) {
            String blk = "blk." + i + ".";
            model.weight(
                            layer(i) + "self_attn.qkv_proj.weight",
                            blk + "attn_qkv.weight",
                            (HEADS + 2L * KV_HEADS) * HEAD_DIM,
                            HIDDEN)
                    .weight(layer(i) + "self_attn.o_proj.weight", blk + "attn_output.weight", HIDDEN, HIDDEN)
                    .weight(layer(i) + "mlp.gate_up_proj.weight", blk + "ffn_up.weight", 2L * INTERMEDIATE, HIDDEN)
                    .weight(layer(i) + "mlp.down_proj.weight", blk + "ffn_down.weight", HIDDEN, INTERMEDIATE);
            llamaNorms(model, i);
        }
        model.assertSameLogits(dir);
    }

    private static void llamaNorms(TwinModel model, int i) {
        model.weight(layer(i) + "input_layernorm.weight", "blk." + i + ".attn_norm.weight", HIDDEN)
                .weight(layer(i) + "post_attention_layernorm.weight", "blk." + i + ".ffn_norm.weight", HIDDEN);
    }

    @Test
    void olmo3() throws IOException {
        TwinModel model = model("olmo3", "olmo2", 3, """
            "sliding_window":3,"layer_types":["sliding_attention","full_attention","sliding_attention"],
            "rope_theta":5000.0,"rope_scaling":{"rope_type":"yarn","factor":4.0,"beta_fast":8.0,"beta_slow":1.0,
            "original_max_position_embeddings":16}\
            """);
        model.gguf()
                .uint32("olmo2.attention.sliding_window", 3)
                .bools("olmo2.attention.sliding_window_pattern", true, false, true)
                .float32("olmo2.rope.freq_base", 5000)
                .string("olmo2.rope.scaling.type", "yarn")
                .float32("olmo2.rope.scaling.factor", 4)
                .float32("olmo2.rope.scaling.yarn_beta_fast", 8)
                .float32("olmo2.rope.scaling.yarn_beta_slow", 1)
                .uint32("olmo2.rope.scaling.original_context_length", 16);
        model.weight("lm_head.weight", "output.weight", VOCABULARY, HIDDEN)
                .weight("model.norm.weight", "output_norm.weight", HIDDEN);
        for (int i = 0; i < 3; i++) {
            String blk = "blk." + i + ".";
            attention(model, i);
            mlp(model, i);
            model.weight(layer(i) + "self_attn.q_norm.weight", blk + "attn_q_norm.weight", (long) HEADS * HEAD_DIM)
                    .weight(
                            layer(i) + "self_attn.k_norm.weight",
                            blk + "attn_k_norm.weight",
                            (long) KV_HEADS * HEAD_DIM)
                    .weight(layer(i) + "post_attention_layernorm.weight", blk + "post_attention_norm.weight", HIDDEN)
                    .weight(layer(i) + "post_feedforward_layernorm.weight", blk + "post_ffw_norm.weight", HIDDEN);
        }
        model.assertSameLogits(dir);
    }

    @Test
    void granite() throws IOException {
        TwinModel model = model("granite", "granite", 2, """
            "attention_multiplier":0.3,"embedding_multiplier":2.0,"residual_multiplier":0.5,"logits_scaling":4.0,
            "tie_word_embeddings":true\
            """);
        model.gguf()
                .uint32("granite.rope.dimension_count", HEAD_DIM)
                .float32("granite.attention.scale", 0.3)
                .float32("granite.embedding_scale", 2)
                .float32("granite.residual_scale", 0.5)
                .float32("granite.logit_scale", 4);
        model.weight("model.norm.weight", "output_norm.weight", HIDDEN);
        for (int i = 0; i < 2; i++) {
            attention(model, i, HEAD_DIM, TwinModel.permuted(HEADS), TwinModel.permuted(KV_HEADS));
            mlp(model, i);
            llamaNorms(model, i);
        }
        model.assertSameLogits(dir);
    }

    @Test
    void commandRPlus() throws IOException {
        TwinModel model = model("cohere", "command-r", 2, """
            "logit_scale":0.25,"use_qk_norm":true,"rope_theta":5000.0,"tie_word_embeddings":true\
            """);
        model.gguf()
                .float32("command-r.logit_scale", 0.25)
                .float32("command-r.rope.freq_base", 5000)
                .string("command-r.rope.scaling.type", "none");
        model.weight("model.norm.weight", "output_norm.weight", HIDDEN);
        for (int i = 0; i < 2; i++) {
            String blk = "blk." + i + ".";
            attention(model, i);
            mlp(model, i);
            model.weight(layer(i) + "input_layernorm.weight", blk + "attn_norm.weight", HIDDEN)
                    .weight(layer(i) + "self_attn.q_norm.weight", blk + "attn_q_norm.weight", HEADS, HEAD_DIM)
                    .weight(layer(i) + "self_attn.k_norm.weight", blk + "attn_k_norm.weight", KV_HEADS, HEAD_DIM);
        }
        model.assertSameLogits(dir);
    }

    @Test
    void commandR7B() throws IOException {
        TwinModel model = model("cohere2", "cohere2", 5, """
            "logit_scale":0.25,"rope_theta":5000.0,"sliding_window":3,"sliding_window_pattern":4,"head_dim":4\
            """);
        model.gguf()
                .float32("cohere2.logit_scale", 0.25)
                .float32("cohere2.rope.freq_base", 5000)
                .uint32("cohere2.rope.dimension_count", HEAD_DIM)
                .uint32("cohere2.attention.sliding_window", 3)
                .string("cohere2.rope.scaling.type", "none");
        model.weight("model.norm.weight", "output_norm.weight", HIDDEN);
        for (int i = 0; i < 5; i++) {
            attention(model, i);
            mlp(model, i);
            model.weight(layer(i) + "input_layernorm.weight", "blk." + i + ".attn_norm.weight", HIDDEN);
        }
        model.assertSameLogits(dir);
    }

    @Test
    void stableLm2Of12B() throws IOException {
        TwinModel model = model("stablelm", "stablelm", 2, """
            "partial_rotary_factor":0.5,"use_parallel_residual":true,"qk_layernorm":true,"rope_theta":5000.0\
            """);
        model.gguf()
                .uint32("stablelm.rope.dimension_count", 2)
                .float32("stablelm.rope.freq_base", 5000)
                .bool("stablelm.use_parallel_residual", true);
        model.weight("lm_head.weight", "output.weight", VOCABULARY, HIDDEN)
                .weight("model.norm.weight", "output_norm.weight", HIDDEN)
                .weight("model.norm.bias", "output_norm.bias", HIDDEN);
        for (int i = 0; i < 2; i++) {
            String blk = "blk." + i + ".";
            attention(model, i);
            mlp(model, i);
            model.weight(layer(i) + "input_layernorm.weight", blk + "attn_norm.weight", HIDDEN)
                    .weight(layer(i) + "input_layernorm.bias", blk + "attn_norm.bias", HIDDEN);
            headNorms(model, layer(i) + "self_attn.q_layernorm.norms.", blk + "attn_q_norm.weight", HEADS);
            headNorms(model, layer(i) + "self_attn.k_layernorm.norms.", blk + "attn_k_norm.weight", KV_HEADS);
        }
        model.assertSameLogits(dir);
    }

    private static void headNorms(TwinModel model, String names, String ggufName, int heads) {
        List<Tensor> rows = new ArrayList<>();
        for (int h = 0; h < heads; h++) {
            rows.add(RandomTensors.normal(ggufName.hashCode() + h, 1, Shape.of(HEAD_DIM)));
            model.inConfig(names + h + ".weight", rows.get(h));
        }
        Tensor joined = Tensor.zeros(rows.getFirst().dtype(), Shape.of(heads, HEAD_DIM));
        for (int h = 0; h < heads; h++) {
            for (int d = 0; d < HEAD_DIM; d++) {
                joined.setDouble((long) h * HEAD_DIM + d, rows.get(h).getDouble(d));
            }
        }
        model.inGguf(ggufName, joined);
    }

    @Test
    void stableLm2Of1B() throws IOException {
        TwinModel model = model("stablelm", "stablelm", 2, """
            "partial_rotary_factor":0.5,"use_qkv_bias":true\
            """);
        model.gguf().uint32("stablelm.rope.dimension_count", 2);
        model.weight("lm_head.weight", "output.weight", VOCABULARY, HIDDEN)
                .weight("model.norm.weight", "output_norm.weight", HIDDEN)
                .weight("model.norm.bias", "output_norm.bias", HIDDEN);
        for (int i = 0; i < 2; i++) {
            String blk = "blk." + i + ".";
            attention(model, i);
            mlp(model, i);
            llamaNorms(model, i);
            model.weight(layer(i) + "input_layernorm.bias", blk + "attn_norm.bias", HIDDEN)
                    .weight(layer(i) + "post_attention_layernorm.bias", blk + "ffn_norm.bias", HIDDEN)
                    .weight(layer(i) + "self_attn.q_proj.bias", blk + "attn_q.bias", HIDDEN)
                    .weight(layer(i) + "self_attn.k_proj.bias", blk + "attn_k.bias", (long) KV_HEADS * HEAD_DIM)
                    .weight(layer(i) + "self_attn.v_proj.bias", blk + "attn_v.bias", (long) KV_HEADS * HEAD_DIM);
        }
        model.assertSameLogits(dir);
    }
}
