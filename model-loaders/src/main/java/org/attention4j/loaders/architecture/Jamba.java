package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Jamba (Lieber et al. 2024, arXiv:2403.19887): Mamba layers with one of attention, without positions, in every few, and experts in
 * place of the MLP in every other. The scan's parameters are normalised.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Jamba implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("jamba");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        Activation activation = Configs.activation(config, Activation.SILU);
        CheckpointWeights weights = LlamaFamily.weights(c);
        CheckpointWeights stored = LlamaFamily.weights(c);
        int numExperts = config.size("num_experts", 1);
        Routing routing = Routing.of(ExpertLayers.topK(config, numExperts), Scoring.SOFTMAX);
        LlamaFamily.FeedForward mixture = ExpertLayers.mixture(routing, activation);
        LlamaFamily.FeedForward mlp = LlamaFamily.mlp(activation);
        MambaConfig sizes = mamba(config, eps);
        AttentionMixer attention =
                new AttentionMixer(AttentionConfig.of(config.size("hidden_size"), Hybrids.attention(config)));
        MambaMixer mamba = new MambaMixer(sizes);
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.size("num_hidden_layers"); i++) {
            String layer = "model.layers." + i;
            boolean attends = Hybrids.isAttention(weights, i);
            if (!attends) {
                Shape a = Shape.of(sizes.innerSize(), sizes.stateSize());
                StateSpaceWeights.derive(weights, stored, layer + ".mamba", a, sizes.innerSize(), sizes.kernel());
            }
            rename(weights, layer, numExperts);
            SequenceMixer mixer = attends ? attention : mamba;
            String name = attends ? "self_attn" : "mamba";
            LlamaFamily.FeedForward second = weights.has(layer + ".mlp.gate.weight") ? mixture : mlp;
            layers.add(new DecoderLayer(layer, mixer, (m, x) -> block(m, x, eps, name, second)));
        }
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, m.rmsNorm("model.final_layernorm", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, String mixer, LlamaFamily.FeedForward second) {
        Value h = m.add(x, m.mix(mixer, m.rmsNorm("input_layernorm", x, eps)));
        return m.add(h, second.write(m, m.rmsNorm("pre_ff_layernorm", h, eps)));
    }

    private static void rename(CheckpointWeights weights, String layer, int numExperts) {
        weights.rename(layer + ".feed_forward.router", layer + ".mlp.gate");
        for (String part : List.of("gate_proj", "up_proj", "down_proj")) {
            weights.rename(layer + ".feed_forward." + part, layer + ".mlp." + part);
            weights.stack(
                    layer + ".mlp.experts." + part + ".weight",
                    numExperts,
                    e -> layer + ".feed_forward.experts." + e + "." + part + ".weight");
        }
    }

    private static MambaConfig mamba(Config config, double eps) {
        int hidden = config.size("hidden_size");
        return MambaConfig.of(
                        hidden,
                        config.size("mamba_inner_size", hidden * config.size("mamba_expand", 2)),
                        config.size("mamba_d_state"),
                        config.size("mamba_d_conv"),
                        Mamba.timeStepRank(config, "mamba_dt_rank", hidden))
                .withNorms(eps, true);
    }

    @Override
    public Set<String> architectures() {
        return Set.of("jamba");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of(
                "mamba_inner_size", "ssm.inner_size",
                "mamba_d_state", "ssm.state_size",
                "mamba_d_conv", "ssm.conv_kernel",
                "mamba_dt_rank", "ssm.time_step_rank");
    }

    @Override
    public Map<String, String> tensors() {
        String mamba = "model.layers.{layer}.mamba.";
        return Map.ofEntries(
                Map.entry("model.final_layernorm", "output_norm"),
                Map.entry("model.layers.{layer}.pre_ff_layernorm", "blk.{layer}.ffn_norm"),
                Map.entry(mamba + "in_proj", "blk.{layer}.ssm_in"),
                Map.entry(mamba + "conv1d", "blk.{layer}.ssm_conv1d"),
                Map.entry(mamba + "x_proj", "blk.{layer}.ssm_x"),
                Map.entry(mamba + "dt_proj", "blk.{layer}.ssm_dt"),
                Map.entry(mamba + "dt_layernorm", "blk.{layer}.ssm_dt_norm"),
                Map.entry(mamba + "b_layernorm", "blk.{layer}.ssm_b_norm"),
                Map.entry(mamba + "c_layernorm", "blk.{layer}.ssm_c_norm"),
                Map.entry(mamba + "A", "blk.{layer}.ssm_a"),
                Map.entry(mamba + "D", "blk.{layer}.ssm_d"),
                Map.entry(mamba + "out_proj", "blk.{layer}.ssm_out"));
    }
}
