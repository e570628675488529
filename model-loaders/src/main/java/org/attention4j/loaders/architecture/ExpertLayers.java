package org.attention4j.loaders.architecture;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.moe.Gating;
import org.attention4j.core.moe.Moe;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.SharedExpert;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;

/**
 * Mixtures of experts with gated MLPs, as checkpoints name and store them: in a layer {@code mlp.gate} is the router and
 * {@code mlp.experts} the experts. Files of transformers have these one by one or, as the library holds them, gate and up
 * together; GGUF has a stack for each of the projections, which is what models are made of.
 */
final class ExpertLayers {
    private static final String EXPERTS = "mlp.experts.";
    private static final ImmutableMap<String, String> ROUTED = ImmutableMap.of(
            "router", "mlp.gate.weight",
            "selection_bias", "mlp.gate.e_score_correction_bias",
            "gate", EXPERTS + "gate_proj.weight",
            "up", EXPERTS + "up_proj.weight",
            "down", EXPERTS + "down_proj.weight");

    private ExpertLayers() {}

    /**
     * How many experts a token goes through: {@code num_experts_per_tok}.
     *
     * @throws org.attention4j.loaders.ModelFormatException if there are fewer
     */
    static int topK(Config config, int numExperts) {
        int topK = config.size("num_experts_per_tok");
        if (topK > numExperts) {
            throw config.bad("num_experts_per_tok", "at most the number of experts, %d".formatted(numExperts));
        }
        return topK;
    }

    /** Makes stacks of the experts of all layers, where the file has none. */
    static void stack(CheckpointWeights weights, int numLayers, int numExperts) {
        for (int i = 0; i < numLayers; i++) {
            String experts = "model.layers.%d.%s".formatted(i, EXPERTS);
            for (String part : List.of("gate_proj", "up_proj", "down_proj")) {
                weights.stack(experts + part + ".weight", numExperts, e -> experts + e + "." + part + ".weight");
            }
            splitFused(weights, experts);
        }
    }

    /** {@code gate_up_proj [experts, 2·hidden, dim]} and {@code down_proj}, which have no suffix. */
    private static void splitFused(CheckpointWeights weights, String experts) {
        String fused = experts + "gate_up_proj";
        if (!weights.has(fused)) {
            return;
        }
        weights.derive(experts + "gate_proj.weight", () -> half(fused, weights.get(fused), 0));
        weights.derive(experts + "up_proj.weight", () -> half(fused, weights.get(fused), 1));
        weights.derive(experts + "down_proj.weight", () -> weights.get(experts + "down_proj"));
    }

    private static Tensor half(String name, Tensor fused, int which) {
        if (fused.shape().rank() != 3 || fused.shape().dim(1) % 2 != 0) {
            throw new IllegalArgumentException(
                    "tensor %s: got %s, expected dims [experts, 2·hidden, dim]".formatted(name, fused));
        }
        long rows = fused.shape().dim(1) / 2;
        return Tensor.stack(
                name,
                IntStream.range(0, Math.toIntExact(fused.shape().dim(0)))
                        .mapToObj(e -> fused.entry(e).rows(which * rows, rows))
                        .toList());
    }

    /** A layer's second half. */
    static LlamaFamily.FeedForward mixture(Routing routing, Activation activation) {
        return mixture(new Moe(routing, experts(activation)), ROUTED);
    }

    /**
     * A layer's second half with a shared expert.
     *
     * @param name of the shared expert in the layer's {@code mlp}; its gate, if it has one, is {@code name_gate}
     */
    static LlamaFamily.FeedForward mixture(Routing routing, SharedExpert shared, String name) {
        ImmutableMap.Builder<String, String> names = ImmutableMap.builder();
        names.putAll(ROUTED);
        for (String part : List.of("gate", "up", "down")) {
            names.put("shared_" + part, "mlp.%s.%s_proj.weight".formatted(name, part));
        }
        names.put("shared_router", "mlp.%s_gate.weight".formatted(name));
        return mixture(new Moe(routing, experts(shared.activation())).withShared(shared), names.buildOrThrow());
    }

    private static LlamaFamily.FeedForward mixture(Moe moe, ImmutableMap<String, String> names) {
        return (m, x) -> m.moe(moe, x, names);
    }

    private static Experts experts(Activation activation) {
        return new Experts(GateUp.SEPARATE, new Gating.Glu(activation), false);
    }
}
