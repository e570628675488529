package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;

/**
 * Mixtral (Jiang et al. 2024, arXiv:2401.04088): Mistral with a mixture of experts in each layer, a token's two weighted by the
 * softmax of their logits. Its GGUF files call themselves {@code llama}; the oldest have a tensor for each expert.
 */
@AutoService(Architecture.class)
public final class Mixtral implements Architecture {
    private static final Map<String, String> PARTS = Map.of("gate", "w1", "up", "w3", "down", "w2");

    @Override
    public Set<String> names() {
        return Set.of("mixtral");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int numExperts = config.size("num_local_experts");
        Routing routing = Routing.of(ExpertLayers.topK(config, numExperts), Scoring.SOFTMAX)
                .normalised();
        boolean permuted = c.layout() == WeightLayout.GGML;
        AttentionConfig attention =
                Configs.withBiases(c, LlamaFamily.attention(c, permuted ? RopeStyle.INTERLEAVED : RopeStyle.HALF));
        LlamaFamily.FeedForward mixture = ExpertLayers.mixture(routing, Configs.activation(config, Activation.SILU));
        return LlamaFamily.model(
                c,
                weights(c, config.size("num_hidden_layers"), numExperts),
                layer -> attention.withWindow(Configs.slidingWindow(config, layer)),
                layer -> mixture);
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers, int numExperts) {
        CheckpointWeights weights = LlamaFamily.weights(c);
        for (int i = 0; i < numLayers; i++) {
            String layer = "model.layers." + i + ".";
            String ggufLayer = "blk." + i + ".";
            weights.rename(layer + "block_sparse_moe.gate", layer + "mlp.gate");
            PARTS.forEach((part, w) -> {
                String stack = layer + "mlp.experts." + part + "_proj.weight";
                weights.stack(stack, numExperts, e -> layer + "block_sparse_moe.experts." + e + "." + w + ".weight");
                weights.stack(stack, numExperts, e -> ggufLayer + "ffn_" + part + "." + e + ".weight");
            });
        }
        ExpertLayers.stack(weights, numLayers, numExperts);
        return weights;
    }
}
