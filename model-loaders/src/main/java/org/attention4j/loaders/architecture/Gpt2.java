package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;

/**
 * GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"): learned positions, LayerNorm before each
 * of attention and MLP, GELU. Hugging Face stores its matrices {@code [in, out]} and queries, keys and values in one.
 */
@AutoService(Architecture.class)
public final class Gpt2 implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("gpt2");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int hidden = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        double eps = config.number("layer_norm_epsilon");
        Activation activation = Configs.activation(config, Activation.GELU_TANH);
        AttentionSpec spec = AttentionSpec.causal(heads, heads, Configs.headDim(config));
        AttentionMixer mixer =
                new AttentionMixer(AttentionConfig.of(hidden, spec).withBias(true, true));
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = weights(c, numLayers, hidden);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer("transformer.h." + i, mixer, (m, x) -> block(m, x, eps, activation)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("transformer.wte.weight")),
                weights,
                Gpt2::embed,
                layers,
                (m, x) -> head(m, m.layerNorm("transformer.ln_f", x, eps)));
    }

    private static Value embed(ModelBuilder m, Value tokens) {
        Value positions = m.apply(new Embedding(), m.positions(), m.weight("transformer.wpe.weight"));
        return m.add(m.embedding("transformer.wte", tokens), positions);
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value h = m.add(x, m.mix("attn", m.layerNorm("ln_1", x, eps)));
        return m.add(h, m.mlp("mlp.c_fc", "mlp.c_proj", activation, m.layerNorm("ln_2", h, eps)));
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "transformer.wte", x);
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers, int hidden) {
        CheckpointWeights weights = new CheckpointWeights(c, "transformer.");
        CheckpointWeights stored = new CheckpointWeights(c, "transformer.");
        boolean transposed = c.layout() == WeightLayout.TRANSFORMERS;
        for (int i = 0; i < numLayers; i++) {
            String layer = "transformer.h." + i + ".";
            String attn = layer + "attn.";
            for (String name : List.of(attn + "c_attn", attn + "c_proj", layer + "mlp.c_fc", layer + "mlp.c_proj")) {
                String weight = name + ".weight";
                if (transposed) {
                    weights.derive(weight, () -> TensorViews.transpose(weight, stored.get(weight)));
                }
            }
            for (String kind : List.of("weight", "bias")) {
                String[] parts = {attn + "q_proj." + kind, attn + "k_proj." + kind, attn + "v_proj." + kind};
                weights.split(attn + "c_attn." + kind, parts, hidden, hidden, hidden);
                weights.derive(attn + "o_proj." + kind, () -> weights.get(attn + "c_proj." + kind));
            }
        }
        return weights;
    }
}
