package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * OLMo 2 (OLMo Team 2024, arXiv:2501.00656): norms after attention and MLP in place of before,
 *
 * <pre>
 *   h = x + norm(attention(x))
 *   y = h + norm(down(silu(gate h) · up h))
 * </pre>
 *
 * and of all queries, and all keys, at once. OLMo 3 adds sliding windows in three of four layers, whose angles are not scaled.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Olmo2 implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("olmo2", "olmo3");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        Activation activation = Configs.activation(config, Activation.SILU);
        CheckpointWeights weights = LlamaFamily.weights(c);
        AttentionConfig full = Configs.withBiases(c, LlamaFamily.attention(c, RopeStyle.HALF))
                .withQkNorm(new QkNorm(QkNorm.Kind.PROJECTION_RMS, eps));
        AttentionConfig sliding = sliding(c, full);
        List<DecoderLayer> layers = IntStream.range(0, config.size("num_hidden_layers"))
                .mapToObj(i -> new DecoderLayer(
                        "model.layers." + i,
                        new AttentionMixer(Configs.slides(config, i, 4) ? sliding : full),
                        (m, x) -> block(m, x, eps, activation)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, m.rmsNorm("model.norm", x, eps)));
    }

    /** The attention of layers with a window; OLMo 2 has none, and all its layers are alike. */
    private static AttentionConfig sliding(Checkpoint c, AttentionConfig full) {
        if (!c.config().has("sliding_window")) {
            return full;
        }
        RopeConfig rope = full.rope().orElseThrow();
        return full.withRope(RopeParameters.ofLayers(
                        c, "sliding_attention", rope.theta(), full.spec().headDim(), rope.style()))
                .withWindow(Configs.window(c.config(), 0));
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value h = m.add(x, m.rmsNorm("post_attention_layernorm", m.mix("self_attn", x), eps));
        Value mlp = m.gatedMlp("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", activation, h);
        return m.add(h, m.rmsNorm("post_feedforward_layernorm", mlp, eps));
    }

    @Override
    public Set<String> architectures() {
        return Set.of("olmo2");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of();
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "model.layers.{layer}.post_attention_layernorm", "blk.{layer}.post_attention_norm",
                "model.layers.{layer}.post_feedforward_layernorm", "blk.{layer}.post_ffw_norm");
    }
}
