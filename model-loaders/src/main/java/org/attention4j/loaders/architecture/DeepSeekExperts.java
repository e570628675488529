package org.attention4j.loaders.architecture;

import java.util.function.IntFunction;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.moe.ExpertGroups;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.moe.SharedExpert;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;

/** Which layers of a DeepSeek model have experts, and how they are chosen. */
final class DeepSeekExperts {
    private DeepSeekExperts() {}

    /** The second half of each layer: an MLP in the first ones, and in all of a model without experts. */
    static IntFunction<LlamaFamily.FeedForward> feedForward(
            Checkpoint c, CheckpointWeights weights, int numLayers, Activation activation) {
        Config config = c.config();
        LlamaFamily.FeedForward mlp = LlamaFamily.mlp(activation);
        if (config.integer("n_routed_experts", 0) == 0) {
            return layer -> mlp;
        }
        int numExperts = config.size("n_routed_experts");
        if (config.integer("moe_layer_freq", 1) != 1) {
            throw config.bad("moe_layer_freq", "1: every layer after the first ones has experts");
        }
        int first = config.integer("first_k_dense_replace", 0);
        for (int layer = Math.max(0, first); layer < numLayers; layer++) {
            requireRouter(config, weights, layer, numExperts);
        }
        ExpertLayers.stack(weights, numLayers, numExperts);
        Routing routing = routing(c, numExperts);
        boolean shared = config.integer("n_shared_experts", 0) > 0;
        return layer -> {
            if (layer < first) {
                return mlp;
            }
            boolean biased = weights.has("model.layers.%d.mlp.gate.e_score_correction_bias".formatted(layer));
            Routing own = biased ? routing.withSelectionBias() : routing;
            return shared
                    ? ExpertLayers.mixture(own, new SharedExpert(activation, false), "shared_experts")
                    : ExpertLayers.mixture(own, activation);
        };
    }

    private static void requireRouter(Config config, CheckpointWeights weights, int layer, int numExperts) {
        String name = "model.layers.%d.mlp.gate.weight".formatted(layer);
        Tensor router = weights.get(name);
        if (router.shape().rank() != 2 || router.shape().dim(0) != numExperts) {
            throw config.bad("n_routed_experts", "the rows of %s %s".formatted(name, router.shape()));
        }
    }

    private static Routing routing(Checkpoint c, int numExperts) {
        Config config = c.config();
        int topK = ExpertLayers.topK(config, numExperts);
        boolean ggml = c.layout() == WeightLayout.GGML;
        boolean v3 = ggml ? hasSigmoid(config) : c.architecture().equals("deepseek_v3");
        return v3 ? v3(config, topK, ggml) : v2(config, topK, ggml);
    }

    /** GGUF calls all versions by one name; files from before V3 don't name the function. */
    private static boolean hasSigmoid(Config config) {
        return switch (config.integer("expert_gating_func", 1)) {
            case 0, 1 -> false;
            case 2 -> true;
            default -> throw config.bad("expert_gating_func", "1 (softmax) or 2 (sigmoid)");
        };
    }

    /** Softmax over all experts; the best of all, or of the groups that have the very best ones (V2, section 2.2.2). */
    private static Routing v2(Config config, int topK, boolean ggml) {
        Routing routing = Routing.of(topK, Scoring.SOFTMAX).withScale(config.number("routed_scaling_factor", 1));
        // GGUF files don't name the method; groups are there if it uses them. In transformers norm_topk_prob has no
        // effect.
        String method = config.text("topk_method", ggml && groups(config) > 1 ? "group_limited_greedy" : "greedy");
        return switch (method) {
            case "greedy" -> ggml && config.flag("norm_topk_prob", false) ? routing.normalised() : routing;
            case "group_limited_greedy" -> grouped(config, routing, ExpertGroups.Score.MAX);
            default -> throw config.bad("topk_method", "greedy or group_limited_greedy");
        };
    }

    /**
     * Sigmoids, with a bias for choosing; groups by their two best experts (V3, section 2.1.2). What a file leaves out has the
     * values that transformers or llama.cpp give it.
     */
    private static Routing v3(Config config, int topK, boolean ggml) {
        if (!config.text("topk_method", "noaux_tc").equals("noaux_tc")) {
            throw config.bad("topk_method", "noaux_tc");
        }
        Routing routing =
                Routing.of(topK, Scoring.SIGMOID).withScale(config.number("routed_scaling_factor", ggml ? 1 : 2.5));
        Routing whole = config.flag("norm_topk_prob", !ggml) ? routing.normalised() : routing;
        return groups(config) > 1 ? grouped(config, whole, ExpertGroups.Score.TOP2_SUM) : whole;
    }

    private static int groups(Config config) {
        return config.size("n_group", 1);
    }

    private static Routing grouped(Config config, Routing routing, ExpertGroups.Score score) {
        return routing.withGroups(new ExpertGroups(groups(config), config.size("topk_group", groups(config)), score));
    }
}
