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
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mixer.conv.ShortConvMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * LFM2, dense (Liquid AI 2025, arXiv:2511.23404): gated short convolutions, and grouped attention with normalised heads in every few
 * layers.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Lfm2 implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("lfm2");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int hidden = config.size("hidden_size");
        double eps = config.number("norm_eps");
        int kernel = config.size("conv_L_cache");
        CheckpointWeights weights = LlamaFamily.weights(c);
        CheckpointWeights stored = LlamaFamily.weights(c);
        AttentionSpec spec = Hybrids.attention(config);
        AttentionMixer attention = new AttentionMixer(AttentionConfig.of(hidden, spec)
                .withRope(RopeParameters.read(c, spec.headDim(), RopeStyle.HALF))
                .withQkNorm(new QkNorm(QkNorm.Kind.HEAD_RMS, eps, 0)));
        ShortConvMixer conv = new ShortConvMixer(hidden, kernel);
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.size("num_hidden_layers"); i++) {
            String layer = "model.layers." + i;
            boolean attends = Hybrids.isAttention(weights, i);
            if (attends) {
                weights.rename(layer + ".self_attn.out_proj", layer + ".self_attn.o_proj");
                weights.rename(layer + ".self_attn.q_layernorm", layer + ".self_attn.q_norm");
                weights.rename(layer + ".self_attn.k_layernorm", layer + ".self_attn.k_norm");
            } else {
                StateSpaceWeights.shape(weights, stored, layer + ".conv.conv.weight", Shape.of(hidden, 1, kernel));
            }
            SequenceMixer mixer = attends ? attention : conv;
            String name = attends ? "self_attn" : "conv";
            layers.add(new DecoderLayer(layer, mixer, (m, x) -> block(m, x, eps, name)));
        }
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, m.rmsNorm("model.embedding_norm", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, String mixer) {
        Value h = m.add(x, m.mix(mixer, m.rmsNorm("operator_norm", x, eps)));
        Value n = m.rmsNorm("ffn_norm", h, eps);
        return m.add(h, m.gatedMlp("feed_forward.w1", "feed_forward.w3", "feed_forward.w2", Activation.SILU, n));
    }

    @Override
    public Set<String> architectures() {
        return Set.of("lfm2");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of("conv_L_cache", "shortconv.l_cache", "norm_eps", "attention.layer_norm_rms_epsilon");
    }

    @Override
    public Map<String, String> tensors() {
        String layer = "model.layers.{layer}.";
        return Map.ofEntries(
                Map.entry("model.embedding_norm", "token_embd_norm"),
                Map.entry(layer + "operator_norm", "blk.{layer}.attn_norm"),
                Map.entry(layer + "ffn_norm", "blk.{layer}.ffn_norm"),
                Map.entry(layer + "conv.in_proj", "blk.{layer}.shortconv.in_proj"),
                Map.entry(layer + "conv.conv", "blk.{layer}.shortconv.conv"),
                Map.entry(layer + "conv.out_proj", "blk.{layer}.shortconv.out_proj"),
                Map.entry(layer + "feed_forward.w1", "blk.{layer}.ffn_gate"),
                Map.entry(layer + "feed_forward.w2", "blk.{layer}.ffn_down"),
                Map.entry(layer + "feed_forward.w3", "blk.{layer}.ffn_up"));
    }
}
