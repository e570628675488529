package org.attention4j.loaders.architecture;

import com.google.common.primitives.Ints;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/** What Qwen's models with experts share: which layers have them, and how they are chosen. */
final class QwenExperts {
    private QwenExperts() {}

    /**
     * Softmax over all experts; {@code norm_topk_prob} says whether the chosen ones' weights are divided by their sum.
     *
     * @param normalised what holds if the configuration does not say
     */
    static Routing routing(Config config, boolean normalised) {
        Routing routing = Routing.of(ExpertLayers.topK(config, numExperts(config)), Scoring.SOFTMAX);
        return config.flag("norm_topk_prob", normalised) ? routing.normalised() : routing;
    }

    static int numExperts(Config config) {
        return config.has("num_experts") ? config.size("num_experts") : config.size("num_local_experts");
    }

    /** The model, with {@code mixture} in its sparse layers. */
    static DecoderModel model(
            Checkpoint c, AttentionConfig attention, Activation activation, LlamaFamily.FeedForward mixture) {
        Config config = c.config();
        CheckpointWeights weights = LlamaFamily.weights(c);
        ExpertLayers.stack(weights, config.size("num_hidden_layers"), numExperts(config));
        LlamaFamily.FeedForward mlp = LlamaFamily.mlp(activation);
        return LlamaFamily.model(
                c,
                weights,
                layer -> attention.withWindow(Configs.slidingWindow(config, layer)),
                layer -> isSparse(config, layer) ? mixture : mlp);
    }

    /** Every {@code decoder_sparse_step}-th layer but those of {@code mlp_only_layers}; GGUF has neither. */
    static boolean isSparse(Config config, int layer) {
        int[] dense = config.has("mlp_only_layers") ? config.integers("mlp_only_layers") : new int[0];
        return !Ints.contains(dense, layer) && (layer + 1) % config.size("decoder_sparse_step", 1) == 0;
    }
}
