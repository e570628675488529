package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
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

/**
 * Cohere's Command R, Command R+ and Aya (Hugging Face, CohereForCausalLM): attention and MLP side by side on the same normalised
 * input, {@code y = x + attention(n) + mlp(n)}, LayerNorm without bias, neighbouring entries rotate, logits times a constant;
 * Command R+ normalises each head of queries and keys with weights of its own. Command R7B and Command A (Cohere2ForCausalLM) have
 * sliding windows in three of four layers, and rotate in these only.
 */
@AutoService(Architecture.class)
public final class Cohere implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("cohere", "command-r", "cohere2");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("layer_norm_epsilon");
        Activation activation = Configs.activation(config, Activation.SILU);
        CheckpointWeights weights = LlamaFamily.weights(c);
        AttentionConfig attention = attention(c, eps);
        List<DecoderLayer> layers = IntStream.range(0, config.size("num_hidden_layers"))
                .mapToObj(i -> new DecoderLayer(
                        "model.layers." + i,
                        new AttentionMixer(ofLayer(c, i, attention)),
                        (m, x) -> block(m, x, eps, activation)))
                .toList();
        double scale = config.number("logit_scale");
        // Command R was trained for 16 times the tokens that it gives positions for.
        int contextLength = config.size("model_max_length", config.size("max_position_embeddings"));
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight"), contextLength),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> m.graph().mul(LlamaFamily.head(m, m.layerNorm("model.norm", x, eps)), scale));
    }

    /** Attention without its rotation. */
    private static AttentionConfig attention(Checkpoint c, double eps) {
        AttentionConfig attention = Configs.withBiases(c, LlamaFamily.unrotated(c));
        return c.hasTensor("model.layers.0.self_attn.q_norm.weight")
                ? attention.withQkNorm(new QkNorm(QkNorm.Kind.HEAD_LAYER, eps))
                : attention;
    }

    private static AttentionConfig ofLayer(Checkpoint c, int layer, AttentionConfig attention) {
        Config config = c.config();
        RopeConfig rope = RopeParameters.read(c, attention.spec().headDim(), RopeStyle.INTERLEAVED);
        if (!config.has("sliding_window")) {
            return attention.withRope(rope);
        }
        return Configs.slides(config, layer, 4)
                ? attention.withRope(rope).withWindow(Configs.window(config, 0))
                : attention;
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value n = m.layerNorm("input_layernorm", x, eps);
        Value attention = m.mix("self_attn", n);
        Value mlp = m.gatedMlp("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", activation, n);
        return m.add(m.add(x, attention), mlp);
    }
}
