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
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/**
 * StableLM and StableLM 2 (Bellagente et al. 2024, arXiv:2402.17834): Llama with LayerNorm and a part of each head rotated. The
 * model of 12 B has attention and MLP side by side, {@code y = x + attention(n) + mlp(n)}, and normalises each head of queries
 * and keys with weights of its own, which Hugging Face stores one by one and GGUF as a matrix.
 */
@AutoService(Architecture.class)
public final class StableLm implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("stablelm");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("layer_norm_epsilon");
        Activation activation = Configs.activation(config, Activation.SILU);
        AttentionConfig unnormed = Configs.withBiases(c, LlamaFamily.attention(c, RopeStyle.HALF));
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = weights(c, numLayers, unnormed);
        boolean isNormed = weights.has("model.layers.0.self_attn.q_norm.weight");
        AttentionMixer mixer =
                new AttentionMixer(isNormed ? unnormed.withQkNorm(new QkNorm(QkNorm.Kind.HEAD_LAYER, eps)) : unnormed);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer("model.layers." + i, mixer, (m, x) -> block(m, x, eps, activation)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, m.layerNorm("model.norm", x, eps)));
    }

    /** A layer without a norm for the MLP has it side by side with attention. */
    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value n = m.layerNorm("input_layernorm", x, eps);
        Value h = m.add(x, m.mix("self_attn", n));
        Value toMlp = m.findWeight("post_attention_layernorm.weight").isPresent()
                ? m.layerNorm("post_attention_layernorm", h, eps)
                : n;
        return m.add(h, m.gatedMlp("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", activation, toMlp));
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers, AttentionConfig attention) {
        CheckpointWeights weights = LlamaFamily.weights(c);
        for (int i = 0; i < numLayers; i++) {
            String layer = "model.layers." + i + ".self_attn.";
            weights.stack(
                    layer + "q_norm.weight",
                    attention.spec().numHeads(),
                    h -> layer + "q_layernorm.norms." + h + ".weight");
            weights.stack(
                    layer + "k_norm.weight",
                    attention.spec().numKvHeads(),
                    h -> layer + "k_layernorm.norms." + h + ".weight");
        }
        return weights;
    }
}
