package org.attention4j.loaders.architecture;

import java.util.List;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomTensors;

/** Models with four experts in the second half of a layer. */
final class ExpertModels {
    static final int HIDDEN = TwinModel.HIDDEN;
    static final int EXPERTS = 4;
    static final int EXPERT_HIDDEN = 12;

    /** Where each projection of an expert is in the GGUF file, and its name there. */
    static final List<String> PARTS = List.of("gate", "up", "down");

    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;

    private ExpertModels() {}

    /** A model of one layer but for its experts; {@code config} ends the {@code config.json}. */
    static TwinModel model(String type, String architecture, int layers, String config) {
        String json = """
            {"model_type":"%s","num_hidden_layers":%d,"hidden_size":16,"intermediate_size":24,"moe_intermediate_size":12,
             "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":64,"rms_norm_eps":1e-5,%s}\
            """.formatted(type, layers, config);
        TwinModel model = new TwinModel(json, architecture, layers);
        model.gguf()
                .uint32(architecture + ".attention.head_count", HEADS)
                .uint32(architecture + ".attention.head_count_kv", KV_HEADS)
                .float32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5)
                .uint32(architecture + ".expert_count", EXPERTS)
                .uint32(architecture + ".expert_used_count", 2);
        return model.weight("model.norm.weight", "output_norm.weight", HIDDEN)
                .weight("lm_head.weight", "output.weight", TwinModel.VOCABULARY, HIDDEN);
    }

    /** The names of a layer's tensors in safetensors files begin so. */
    static String layer(int i) {
        return "model.layers." + i + ".";
    }

    /** Adds norms and attention. */
    static void attention(TwinModel model, int i, boolean permuted) {
        String attn = layer(i) + "self_attn.";
        String blk = "blk." + i + ".";
        model.weight(layer(i) + "input_layernorm.weight", blk + "attn_norm.weight", HIDDEN)
                .weight(layer(i) + "post_attention_layernorm.weight", blk + "ffn_norm.weight", HIDDEN)
                .weight(
                        attn + "q_proj.weight",
                        blk + "attn_q.weight",
                        t -> permuted ? TwinModel.permuted(HEADS).apply(t) : t,
                        HIDDEN,
                        HIDDEN)
                .weight(
                        attn + "k_proj.weight",
                        blk + "attn_k.weight",
                        t -> permuted ? TwinModel.permuted(KV_HEADS).apply(t) : t,
                        HIDDEN / 2,
                        HIDDEN)
                .weight(attn + "v_proj.weight", blk + "attn_v.weight", HIDDEN / 2, HIDDEN)
                .weight(attn + "o_proj.weight", blk + "attn_output.weight", HIDDEN, HIDDEN);
    }

    /** A random matrix of an expert. */
    static Tensor expert(int i, String part, int expert) {
        long seed = (i + part + expert).hashCode();
        boolean down = part.equals("down");
        return RandomTensors.normal(
                seed, 0.4, down ? Shape.of(HIDDEN, EXPERT_HIDDEN) : Shape.of(EXPERT_HIDDEN, HIDDEN));
    }

    /** All of a layer's experts, one after the other. */
    static Tensor stack(int i, String part) {
        return Tensor.stack(
                part, List.of(expert(i, part, 0), expert(i, part, 1), expert(i, part, 2), expert(i, part, 3)));
    }

    /** Adds a layer's experts to the safetensors file one by one, under names such as {@code mlp.experts.3.gate_proj}. */
    static void oneByOne(TwinModel model, int i) {
        for (String part : PARTS) {
            for (int e = 0; e < EXPERTS; e++) {
                model.inConfig(layer(i) + "mlp.experts." + e + "." + part + "_proj.weight", expert(i, part, e));
            }
        }
    }

    /** Adds a layer's stacks to the GGUF file. */
    static void stacked(TwinModel model, int i) {
        for (String part : PARTS) {
            model.inGguf("blk." + i + ".ffn_" + part + "_exps.weight", stack(i, part));
        }
    }
}
