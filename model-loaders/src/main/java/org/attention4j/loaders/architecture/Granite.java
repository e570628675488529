package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Granite 3, dense (Granite Team 2024, "Granite 3.0 Language Models"): Llama with four constants, here e, a, r and s,
 *
 * <pre>
 *   x = e · embedding
 *   h = x + r · attention(norm(x))      scores are q · k · a
 *   y = h + r · mlp(norm(h))
 *   logits = head(norm(y)) / s
 * </pre>
 *
 * As with Llama, GGUF permutes the rows of queries and keys.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Granite implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("granite");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        double residual = config.number("residual_multiplier", 1);
        Activation activation = Configs.activation(config, Activation.SILU);
        CheckpointWeights weights = LlamaFamily.weights(c);
        AttentionMixer mixer = new AttentionMixer(attention(c));
        List<DecoderLayer> layers = IntStream.range(0, config.size("num_hidden_layers"))
                .mapToObj(i ->
                        new DecoderLayer("model.layers." + i, mixer, (m, x) -> block(m, x, eps, residual, activation)))
                .toList();
        double embedding = config.number("embedding_multiplier", 1);
        double logits = 1 / config.number("logits_scaling", 1);
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.graph().mul(m.embedding("model.embed_tokens", tokens), embedding),
                layers,
                (m, x) -> m.graph().mul(LlamaFamily.head(m, m.rmsNorm("model.norm", x, eps)), logits));
    }

    /** GGUF files say that the positions of some Granite 4 models are not rotated. */
    private static AttentionConfig attention(Checkpoint c) {
        Config config = c.config();
        int heads = config.size("num_attention_heads");
        int headDim = Configs.headDim(config);
        AttentionSpec spec = AttentionSpec.causal(heads, config.size("num_key_value_heads", heads), headDim);
        AttentionConfig unrotated = Configs.withBiases(
                c,
                AttentionConfig.of(
                        config.size("hidden_size"),
                        spec.withScale(config.number("attention_multiplier", spec.scale()))));
        RopeStyle style = c.layout() == WeightLayout.GGML ? RopeStyle.INTERLEAVED : RopeStyle.HALF;
        return config.flag("rope_parameters.finetuned", true)
                ? unrotated.withRope(RopeParameters.read(c, headDim, style))
                : unrotated;
    }

    private static Value block(LayerBuilder m, Value x, double eps, double residual, Activation activation) {
        Value attention = m.mix("self_attn", m.rmsNorm("input_layernorm", x, eps));
        Value h = m.add(x, m.graph().mul(attention, residual));
        Value n = m.rmsNorm("post_attention_layernorm", h, eps);
        Value mlp = m.gatedMlp("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", activation, n);
        return m.add(h, m.graph().mul(mlp, residual));
    }

    @Override
    public Set<String> architectures() {
        return names();
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of(
                "embedding_multiplier", "embedding_scale",
                "attention_multiplier", "attention.scale",
                "residual_multiplier", "residual_scale",
                "logits_scaling", "logit_scale",
                "rope_parameters.finetuned", "rope.scaling.finetuned");
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of();
    }
}
