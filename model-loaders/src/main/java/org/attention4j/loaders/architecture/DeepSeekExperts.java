package org.attention4j.loaders.architecture;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.moe.ExpertGroups;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.moe.Gating;
import org.attention4j.core.moe.Moe;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.moe.SharedExpert;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;

/**
 * The experts of a DeepSeek model.
 *
 * @param config the model's configuration
 * @param moe what every layer with experts has, but for the bias of the selection
 * @param first the first layer that has them
 * @param stacked whether the file has the experts of a layer in one tensor each for gate, up and down
 */
record DeepSeekExperts(Config config, Moe moe, int first, boolean stacked) {
    /** Empty for a model without experts. */
    static Optional<DeepSeekExperts> of(Checkpoint c, Activation activation) {
        Config config = c.config();
        if (config.integer("n_routed_experts", 0) == 0) {
            return Optional.empty();
        }
        if (config.integer("moe_layer_freq", 1) != 1) {
            throw config.bad("moe_layer_freq", "1: every layer after the first ones has experts");
        }
        boolean ggml = c.layout() == WeightLayout.GGML;
        boolean v3 = ggml ? hasSigmoid(config) : c.architecture().equals("deepseek_v3");
        Routing routing = v3 ? v3(config) : v2(config, ggml);
        Experts experts = new Experts(GateUp.SEPARATE, new Gating.Glu(activation), false);
        Moe moe = new Moe(routing, experts);
        boolean shared = config.integer("n_shared_experts", 0) > 0;
        return Optional.of(new DeepSeekExperts(
                config,
                shared ? moe.withShared(new SharedExpert(activation, false)) : moe,
                config.integer("first_k_dense_replace", 0),
                ggml));
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
    private static Routing v2(Config config, boolean ggml) {
        Routing routing = Routing.of(config.size("num_experts_per_tok"), Scoring.SOFTMAX)
                .withScale(config.number("routed_scaling_factor", 1));
        // GGUF files don't name the method; groups are there if it uses them. In transformers norm_topk_prob has no
        // effect.
        String method = config.text("topk_method", ggml && groups(config) > 1 ? "group_limited_greedy" : "greedy");
        return switch (method) {
            case "greedy" -> ggml && config.flag("norm_topk_prob", false) ? routing.normalised() : routing;
            case "group_limited_greedy" -> grouped(config, routing, ExpertGroups.Score.MAX);
            default -> throw config.bad("topk_method", "greedy or group_limited_greedy");
        };
    }

    /** Sigmoids, with a bias for choosing; groups by their two best experts (V3, section 2.1.2). */
    private static Routing v3(Config config) {
        if (!config.text("topk_method", "noaux_tc").equals("noaux_tc")) {
            throw config.bad("topk_method", "noaux_tc");
        }
        Routing routing = Routing.of(config.size("num_experts_per_tok"), Scoring.SIGMOID)
                .withScale(config.number("routed_scaling_factor", 2.5));
        Routing whole = config.flag("norm_topk_prob", true) ? routing.normalised() : routing;
        return groups(config) > 1 ? grouped(config, whole, ExpertGroups.Score.TOP2_SUM) : whole;
    }

    private static int groups(Config config) {
        return config.size("n_group", 1);
    }

    private static Routing grouped(Config config, Routing routing, ExpertGroups.Score score) {
        return routing.withGroups(new ExpertGroups(groups(config), config.size("topk_group", groups(config)), score));
    }

    /** The experts of a layer, whose weights are stacked where the file has them one by one; empty if it has an MLP. */
    Optional<Moe> inLayer(int layer, CheckpointWeights weights) {
        if (layer < first) {
            return Optional.empty();
        }
        String mlp = "model.layers." + layer + ".mlp.";
        int count = config.size("n_routed_experts");
        Tensor router = weights.get(mlp + "gate.weight");
        if (router.shape().rank() != 2 || router.shape().dim(0) != count) {
            throw config.bad("n_routed_experts", "the rows of %sgate.weight %s".formatted(mlp, router.shape()));
        }
        if (!stacked) {
            for (String part : List.of("gate_proj.weight", "up_proj.weight", "down_proj.weight")) {
                weights.stack(mlp + "experts." + part, count, e -> mlp + "experts." + e + "." + part);
            }
        }
        boolean biased = weights.has(mlp + "gate.e_score_correction_bias");
        return Optional.of(new Moe(
                biased ? moe.routing().withSelectionBias() : moe.routing(),
                moe.experts(),
                moe.routerBias(),
                moe.shared()));
    }
}
