package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/**
 * MiniMax-01 (MiniMax 2025, arXiv:2501.08313): seven layers of Lightning Attention for one of softmax attention, experts in all of
 * them, and residuals that begin after the norm, {@code y = alpha·n + beta·f(n)} with {@code n = norm(x)}.
 */
@AutoService(Architecture.class)
public final class MiniMax implements Architecture {
    private static final Map<String, String> EXPERT_PARTS =
            Map.of("w1", "gate_proj", "w2", "down_proj", "w3", "up_proj");

    @Override
    public Set<String> names() {
        return Set.of("minimax");
    }

    /** What the residual and the branch are multiplied by. */
    private record Factors(double alpha, double beta) {
        static Factors read(Config config, String kind) {
            return new Factors(config.number(kind + "_alpha_factor", 1), config.number(kind + "_beta_factor", 1));
        }

        Value join(LayerBuilder m, Value normed, Value branch) {
            return m.add(m.graph().mul(normed, alpha), m.graph().mul(branch, beta));
        }
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        int numLayers = config.size("num_hidden_layers");
        int numExperts = config.size("num_local_experts");
        Activation activation = Configs.activation(config, Activation.SILU);
        Routing routing = Routing.of(ExpertLayers.topK(config, numExperts), Scoring.SOFTMAX)
                .normalised();
        LlamaFamily.FeedForward mixture = ExpertLayers.mixture(routing, activation);
        CheckpointWeights weights = LlamaFamily.weights(c);
        AttentionMixer full = new AttentionMixer(Configs.withBiases(c, LlamaFamily.attention(c, RopeStyle.HALF)));
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < numLayers; i++) {
            String layer = "model.layers." + i;
            boolean attends = Hybrids.isAttention(weights, i);
            experts(weights, layer, numExperts);
            SequenceMixer mixer = attends
                    ? full
                    : new LightningMixer(
                            config.size("hidden_size"),
                            config.size("num_attention_heads"),
                            Configs.headDim(config),
                            eps,
                            i,
                            numLayers);
            Factors first = Factors.read(config, attends ? "full_attn" : "linear_attn");
            Factors second = Factors.read(config, "mlp");
            layers.add(new DecoderLayer(layer, mixer, (m, x) -> block(m, x, eps, first, second, mixture)));
        }
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, m.rmsNorm("model.norm", x, eps)));
    }

    private static Value block(
            LayerBuilder m, Value x, double eps, Factors first, Factors second, LlamaFamily.FeedForward mixture) {
        Value n = m.rmsNorm("input_layernorm", x, eps);
        Value h = first.join(m, n, m.mix("self_attn", n));
        Value o = m.rmsNorm("post_attention_layernorm", h, eps);
        return second.join(m, o, mixture.write(m, o));
    }

    private static void experts(CheckpointWeights weights, String layer, int numExperts) {
        String moe = layer + ".block_sparse_moe.";
        weights.rename(moe + "gate", layer + ".mlp.gate");
        EXPERT_PARTS.forEach((from, to) -> weights.stack(
                layer + ".mlp.experts." + to + ".weight",
                numExperts,
                e -> moe + "experts." + e + "." + from + ".weight"));
    }
}
