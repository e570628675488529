package org.attention4j.loaders.architecture;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;

/**
 * What Gemma 2 and 3 share: blocks with norms before and after attention and MLP,
 *
 * <pre>
 *   h = x + norm(attention(norm(x)))
 *   y = h + norm(down(gelu(gate n) · up n)),   n = norm(h)
 * </pre>
 *
 * embeddings times √hidden_size, norms that multiply by 1 + weight (GGUF has added the 1), and logits that may be softly capped.
 */
final class GemmaFamily {
    private GemmaFamily() {}

    /** What is added to the weight of a norm. */
    static double weightOffset(Checkpoint c) {
        return c.layout() == WeightLayout.GGML ? 0 : 1;
    }

    /**
     * Attention without its rotation, with scores divided by √{@code query_pre_attn_scalar}. GGUF leaves that to be told from
     * the number of layers: it is the size of a head but in the largest model, where it is hidden_size / num_attention_heads.
     *
     * @param layersOfLargest how many layers the largest model has
     * @param softcap the bound of the scores, or 0
     */
    static AttentionConfig attention(Checkpoint c, int layersOfLargest, double softcap) {
        Config config = c.config();
        int hidden = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        int headDim = Configs.headDim(config);
        double stated = config.size("num_hidden_layers") == layersOfLargest ? (double) hidden / heads : headDim;
        double scale = 1 / Math.sqrt(config.number("query_pre_attn_scalar", stated));
        AttentionSpec spec = AttentionSpec.causal(heads, config.size("num_key_value_heads"), headDim)
                .withScale(scale)
                .withSoftcap(softcap);
        return Configs.withBiases(c, AttentionConfig.of(hidden, spec));
    }

    /** The model, with the attention of each layer. */
    static DecoderModel model(Checkpoint c, IntFunction<AttentionConfig> attention, double logitSoftcap) {
        Config config = c.config();
        CheckpointWeights weights = LlamaFamily.weights(c);
        Norm norm = new Norm(config.number("rms_norm_eps"), weightOffset(c));
        Activation activation = Configs.activation(config, Activation.GELU_TANH);
        List<DecoderLayer> layers = IntStream.range(0, config.size("num_hidden_layers"))
                .mapToObj(i -> new DecoderLayer(
                        "model.layers." + i,
                        new AttentionMixer(attention.apply(i)),
                        (m, x) -> block(m, x, norm, activation)))
                .toList();
        double scale = Math.sqrt(config.size("hidden_size"));
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.graph().mul(m.embedding("model.embed_tokens", tokens), scale),
                layers,
                (m, x) -> softcap(m, LlamaFamily.head(m, norm.write(m, "model.norm", x)), logitSoftcap));
    }

    private record Norm(double eps, double weightOffset) {
        Value write(ModelBuilder m, String name, Value x) {
            return m.apply(new RmsNorm(eps, weightOffset), x, m.weight(name + ".weight"));
        }
    }

    private static Value block(LayerBuilder m, Value x, Norm norm, Activation activation) {
        Value attention = m.mix("self_attn", norm.write(m, "input_layernorm", x));
        Value h = m.add(x, norm.write(m, "post_attention_layernorm", attention));
        Value n = norm.write(m, "pre_feedforward_layernorm", h);
        Value mlp = m.gatedMlp("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", activation, n);
        return m.add(h, norm.write(m, "post_feedforward_layernorm", mlp));
    }

    /** {@code cap · tanh(logits / cap)}, or the logits as they are if it is 0. */
    static Value softcap(ModelBuilder m, Value logits, double cap) {
        GraphBuilder b = m.graph();
        return cap == 0 ? logits : b.mul(b.unary(UnaryKind.TANH, b.mul(logits, 1 / cap)), cap);
    }
}
