package org.attention4j.loaders.architecture;

import static java.util.Map.entry;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * DeepSeek-V2 and V3 in GGUF files, both called {@code deepseek2}. Files made since May 2025 describe the absorbed way: they
 * have one key/value head of the latent's size, the up-projections of keys (transposed) and of values apart, and the heads' own
 * sizes under keys that end in {@code _mla}.
 */
@AutoService(GgufNaming.class)
public final class DeepSeekNames implements GgufNaming {
    @Override
    public Set<String> architectures() {
        return Set.of("deepseek2");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.ofEntries(
                entry("q_lora_rank", "attention.q_lora_rank"),
                entry("kv_lora_rank", "attention.kv_lora_rank"),
                entry("qk_rope_head_dim", "rope.dimension_count"),
                entry("qk_head_dim", "attention.key_length_mla"),
                entry("v_head_dim", "attention.value_length_mla"),
                entry("expanded_head_dim", "attention.key_length"),
                entry("expanded_v_head_dim", "attention.value_length"),
                entry("rope_parameters.log_multiplier", "rope.scaling.yarn_log_multiplier"),
                entry("first_k_dense_replace", "leading_dense_block_count"),
                entry("num_nextn_predict_layers", "nextn_predict_layers"));
    }

    @Override
    public Map<String, String> tensors() {
        return Map.ofEntries(
                layer("self_attn.q_a_proj", "attn_q_a"),
                layer("self_attn.q_a_layernorm", "attn_q_a_norm"),
                layer("self_attn.q_b_proj", "attn_q_b"),
                layer("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
                layer("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
                layer("self_attn.kv_b_proj", "attn_kv_b"),
                layer("self_attn.k_b_proj", "attn_k_b"),
                layer("self_attn.v_b_proj", "attn_v_b"));
    }

    private static Map.Entry<String, String> layer(String name, String inFile) {
        return entry("model.layers.{layer}." + name, "blk.{layer}." + inFile);
    }
}
