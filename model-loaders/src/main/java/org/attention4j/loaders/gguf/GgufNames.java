package org.attention4j.loaders.gguf;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The translation of canonical names, those of Hugging Face transformers, to the names in GGUF files. The names common to many
 * architectures stand here; an architecture adds its own with a {@link GgufNaming}.
 */
final class GgufNames {
    private static final Map<String, String> HYPERPARAMETERS = Map.ofEntries(
            entry("hidden_size", "embedding_length"),
            entry("num_hidden_layers", "block_count"),
            entry("intermediate_size", "feed_forward_length"),
            entry("num_attention_heads", "attention.head_count"),
            entry("num_key_value_heads", "attention.head_count_kv"),
            entry("head_dim", "attention.key_length"),
            entry("v_head_dim", "attention.value_length"),
            entry("sliding_window", "attention.sliding_window"),
            entry("sliding_window_pattern", "attention.sliding_window_pattern"),
            entry("rms_norm_eps", "attention.layer_norm_rms_epsilon"),
            entry("layer_norm_epsilon", "attention.layer_norm_epsilon"),
            entry("max_position_embeddings", "context_length"),
            entry("rotary_dim", "rope.dimension_count"),
            entry("rope_parameters.rope_theta", "rope.freq_base"),
            entry("rope_parameters.rope_type", "rope.scaling.type"),
            entry("rope_parameters.factor", "rope.scaling.factor"),
            entry("rope_parameters.original_max_position_embeddings", "rope.scaling.original_context_length"),
            entry("rope_parameters.attn_factor", "rope.scaling.attn_factor"),
            entry("rope_parameters.beta_fast", "rope.scaling.yarn_beta_fast"),
            entry("rope_parameters.beta_slow", "rope.scaling.yarn_beta_slow"),
            // Mixtures of experts
            entry("num_experts", "expert_count"),
            entry("num_local_experts", "expert_count"),
            entry("n_routed_experts", "expert_count"),
            entry("num_experts_per_tok", "expert_used_count"),
            entry("moe_intermediate_size", "expert_feed_forward_length"),
            entry("norm_topk_prob", "expert_weights_norm"),
            entry("routed_scaling_factor", "expert_weights_scale"),
            entry("n_group", "expert_group_count"),
            entry("topk_group", "expert_group_used_count"),
            entry("n_shared_experts", "expert_shared_count"),
            entry("first_k_dense_replace", "leading_dense_block_count"),
            entry("bos_token_id", "tokenizer.ggml.bos_token_id"),
            entry("eos_token_id", "tokenizer.ggml.eos_token_id"));

    private static final Map<String, String> TENSORS = Map.ofEntries(
            entry("model.embed_tokens", "token_embd"),
            entry("model.norm", "output_norm"),
            entry("lm_head", "output"),
            entry("model.layers.{layer}.input_layernorm", "blk.{layer}.attn_norm"),
            entry("model.layers.{layer}.self_attn.q_proj", "blk.{layer}.attn_q"),
            entry("model.layers.{layer}.self_attn.k_proj", "blk.{layer}.attn_k"),
            entry("model.layers.{layer}.self_attn.v_proj", "blk.{layer}.attn_v"),
            entry("model.layers.{layer}.self_attn.o_proj", "blk.{layer}.attn_output"),
            entry("model.layers.{layer}.self_attn.q_norm", "blk.{layer}.attn_q_norm"),
            entry("model.layers.{layer}.self_attn.k_norm", "blk.{layer}.attn_k_norm"),
            entry("model.layers.{layer}.post_attention_layernorm", "blk.{layer}.ffn_norm"),
            entry("model.layers.{layer}.mlp.gate_proj", "blk.{layer}.ffn_gate"),
            entry("model.layers.{layer}.mlp.up_proj", "blk.{layer}.ffn_up"),
            entry("model.layers.{layer}.mlp.down_proj", "blk.{layer}.ffn_down"),
            // Mixtures of experts, of which GGUF stacks the matrices
            entry("model.layers.{layer}.mlp.gate", "blk.{layer}.ffn_gate_inp"),
            entry("model.layers.{layer}.mlp.gate.e_score_correction_bias", "blk.{layer}.exp_probs_b.bias"),
            entry("model.layers.{layer}.mlp.experts.gate_proj", "blk.{layer}.ffn_gate_exps"),
            entry("model.layers.{layer}.mlp.experts.up_proj", "blk.{layer}.ffn_up_exps"),
            entry("model.layers.{layer}.mlp.experts.down_proj", "blk.{layer}.ffn_down_exps"),
            entry("model.layers.{layer}.mlp.shared_expert.gate_proj", "blk.{layer}.ffn_gate_shexp"),
            entry("model.layers.{layer}.mlp.shared_expert.up_proj", "blk.{layer}.ffn_up_shexp"),
            entry("model.layers.{layer}.mlp.shared_expert.down_proj", "blk.{layer}.ffn_down_shexp"),
            entry("model.layers.{layer}.mlp.shared_expert_gate", "blk.{layer}.ffn_gate_inp_shexp"),
            entry("model.layers.{layer}.mlp.shared_experts.gate_proj", "blk.{layer}.ffn_gate_shexp"),
            entry("model.layers.{layer}.mlp.shared_experts.up_proj", "blk.{layer}.ffn_up_shexp"),
            entry("model.layers.{layer}.mlp.shared_experts.down_proj", "blk.{layer}.ffn_down_shexp"),
            // GPT-2
            entry("transformer.wte", "token_embd"),
            entry("transformer.wpe", "position_embd"),
            entry("transformer.ln_f", "output_norm"),
            entry("transformer.h.{layer}.ln_1", "blk.{layer}.attn_norm"),
            entry("transformer.h.{layer}.attn.c_attn", "blk.{layer}.attn_qkv"),
            entry("transformer.h.{layer}.attn.c_proj", "blk.{layer}.attn_output"),
            entry("transformer.h.{layer}.ln_2", "blk.{layer}.ffn_norm"),
            entry("transformer.h.{layer}.mlp.c_fc", "blk.{layer}.ffn_up"),
            entry("transformer.h.{layer}.mlp.c_proj", "blk.{layer}.ffn_down"),
            // Falcon: 7B has one norm per layer, 40B one for each of the parallel branches
            entry("transformer.word_embeddings", "token_embd"),
            entry("transformer.h.{layer}.input_layernorm", "blk.{layer}.attn_norm"),
            entry("transformer.h.{layer}.ln_mlp", "blk.{layer}.attn_norm"),
            entry("transformer.h.{layer}.ln_attn", "blk.{layer}.attn_norm_2"),
            entry("transformer.h.{layer}.self_attention.query_key_value", "blk.{layer}.attn_qkv"),
            entry("transformer.h.{layer}.self_attention.dense", "blk.{layer}.attn_output"),
            entry("transformer.h.{layer}.mlp.dense_h_to_4h", "blk.{layer}.ffn_up"),
            entry("transformer.h.{layer}.mlp.dense_4h_to_h", "blk.{layer}.ffn_down"));

    private static final List<GgufNaming> NAMINGS =
            ServiceLoader.load(GgufNaming.class, GgufNames.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
    private static final Pattern LAYER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");
    private static final Pattern KIND = Pattern.compile("\\.(weight|bias)$");

    private final String architecture;
    private final Map<String, String> hyperparameters = new HashMap<>(HYPERPARAMETERS);
    private final Map<String, String> tensors = new HashMap<>(TENSORS);

    private GgufNames(String architecture) {
        this.architecture = architecture;
    }

    /** The names in files of an architecture. */
    static GgufNames of(String architecture) {
        GgufNames names = new GgufNames(architecture);
        for (GgufNaming naming : NAMINGS) {
            if (naming.architectures().contains(architecture)) {
                names.hyperparameters.putAll(naming.hyperparameters());
                names.tensors.putAll(naming.tensors());
            }
        }
        return names;
    }

    /** The key of a hyperparameter; names without a translation are keys below the architecture's name as they are. */
    String key(String hyperparameter) {
        String key = hyperparameters.getOrDefault(hyperparameter, hyperparameter);
        return key.startsWith("tokenizer.") || key.startsWith("general.") ? key : architecture + "." + key;
    }

    /** The name of a tensor in the file; names without a translation stay as they are. */
    String tensor(String canonical) {
        return find(canonical).orElse(canonical);
    }

    /** The name of a tensor in the file, if there is a translation. */
    Optional<String> find(String canonical) {
        Matcher kind = KIND.matcher(canonical);
        String suffix = kind.find() ? kind.group() : "";
        String base = canonical.substring(0, canonical.length() - suffix.length());
        Matcher layer = LAYER.matcher(base);
        if (!layer.find()) {
            return Optional.ofNullable(tensors.get(base)).map(name -> name + suffix);
        }
        String number = layer.group();
        return Optional.ofNullable(tensors.get(layer.replaceFirst("{layer}")))
                .map(name -> name.replace("{layer}", number) + suffix);
    }
}
