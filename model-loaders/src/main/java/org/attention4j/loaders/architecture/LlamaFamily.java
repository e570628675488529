package org.attention4j.loaders.architecture;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;

/**
 * The shape that Llama gave to many models: pre-norm blocks of attention and a gated MLP with residuals,
 *
 * <pre>
 *   h = x + attention(rms_norm(x))
 *   y = h + down(act(gate n) · up n),   n = rms_norm(h)
 * </pre>
 *
 * a final norm, and an output projection that may be the embedding table.
 */
final class LlamaFamily {
    private LlamaFamily() {}

    /** Attention as Llama has it, from which a relative differs by what its own file says. */
    static AttentionConfig attention(Checkpoint checkpoint, RopeStyle style) {
        AttentionConfig unrotated = unrotated(checkpoint);
        return unrotated.withRope(
                RopeParameters.read(checkpoint, unrotated.spec().headDim(), style));
    }

    /** The same without rotary embeddings. */
    static AttentionConfig unrotated(Checkpoint checkpoint) {
        Config config = checkpoint.config();
        int heads = config.size("num_attention_heads");
        AttentionSpec spec =
                AttentionSpec.causal(heads, config.size("num_key_value_heads", heads), Configs.headDim(config));
        return AttentionConfig.of(config.size("hidden_size"), spec);
    }

    /** The tensors of the model. */
    static CheckpointWeights weights(Checkpoint checkpoint) {
        return new CheckpointWeights(checkpoint, "model.");
    }

    /** The model, with the attention of each layer. */
    static DecoderModel model(Checkpoint checkpoint, IntFunction<AttentionConfig> attention) {
        return model(checkpoint, weights(checkpoint), attention);
    }

    /** The model, with these weights and the attention of each layer. */
    static DecoderModel model(
            Checkpoint checkpoint, CheckpointWeights weights, IntFunction<AttentionConfig> attention) {
        FeedForward mlp = mlp(Configs.activation(checkpoint.config(), Activation.SILU));
        return model(checkpoint, weights, attention, layer -> mlp);
    }

    /** The second half of a layer. */
    @FunctionalInterface
    interface FeedForward {
        /** Writes it, from the normalised {@code F32[batch, seq, hiddenSize]}; the result is of the same type. */
        Value write(LayerBuilder m, Value x);
    }

    /** {@code down(act(gate x) · up x)}. */
    static FeedForward mlp(Activation activation) {
        return (m, x) -> m.gatedMlp("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", activation, x);
    }

    /** The model, with these weights, and the attention and the second half of each layer. */
    static DecoderModel model(
            Checkpoint checkpoint,
            CheckpointWeights weights,
            IntFunction<AttentionConfig> attention,
            IntFunction<FeedForward> feedForward) {
        int numLayers = checkpoint.config().size("num_hidden_layers");
        return model(checkpoint, weights, numLayers, i -> new AttentionMixer(attention.apply(i)), feedForward);
    }

    /** The model, with these weights, and the mixer and the second half of each layer. */
    static DecoderModel model(
            Checkpoint checkpoint,
            CheckpointWeights weights,
            int numLayers,
            IntFunction<SequenceMixer> mixer,
            IntFunction<FeedForward> feedForward) {
        double eps = checkpoint.config().number("rms_norm_eps");
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer("model.layers." + i, mixer.apply(i), block(eps, feedForward.apply(i))))
                .toList();
        return new DecoderModel(
                Configs.info(checkpoint, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> head(m, m.rmsNorm("model.norm", x, eps)));
    }

    private static DecoderLayer.Block block(double eps, FeedForward feedForward) {
        return (m, x) -> {
            Value h = m.add(x, m.mix("self_attn", m.rmsNorm("input_layernorm", x, eps)));
            return m.add(h, feedForward.write(m, m.rmsNorm("post_attention_layernorm", h, eps)));
        };
    }

    /** The logits of the last layer's normalised output. */
    static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "model.embed_tokens", x);
    }
}
