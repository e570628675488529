package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Phi 3, 3.5 and 4, dense (Abdin et al. 2024, arXiv:2404.14219): Llama with queries, keys and values in one matrix, gate and up in
 * another, sliding windows, and LongRoPE (Ding et al. 2024, arXiv:2402.13753) in the models for long contexts.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Phi3 implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("phi3");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        AttentionConfig attention = LlamaFamily.attention(c, RopeStyle.HALF);
        CheckpointWeights weights = LlamaFamily.weights(c);
        for (int i = 0; i < config.size("num_hidden_layers"); i++) {
            split(weights, "model.layers." + i + ".", attention.spec(), config.size("intermediate_size"));
        }
        return LlamaFamily.model(c, weights, layer -> attention.withWindow(Configs.slidingWindow(config, layer)));
    }

    private static void split(CheckpointWeights weights, String layer, AttentionSpec spec, int intermediate) {
        String attention = layer + "self_attn.";
        long q = (long) spec.numHeads() * spec.headDim();
        long kv = (long) spec.numKvHeads() * spec.headDim();
        String[] projections = {attention + "q_proj.weight", attention + "k_proj.weight", attention + "v_proj.weight"};
        weights.split(attention + "qkv_proj.weight", projections, q, kv, kv);
        String[] mlp = {layer + "mlp.gate_proj.weight", layer + "mlp.up_proj.weight"};
        weights.split(layer + "mlp.gate_up_proj.weight", mlp, intermediate, intermediate);
    }

    @Override
    public Set<String> architectures() {
        return names();
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of();
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "model.layers.{layer}.self_attn.qkv_proj", "blk.{layer}.attn_qkv",
                "model.layers.{layer}.mlp.gate_up_proj", "blk.{layer}.ffn_up");
    }
}
