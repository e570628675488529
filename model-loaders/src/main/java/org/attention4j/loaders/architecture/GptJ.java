package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
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

/**
 * GPT-J (Wang, Komatsuzaki 2021, "GPT-J-6B: A 6 Billion Parameter Autoregressive Language Model"): attention without biases and
 * an MLP with them, side by side on the same normalised input; neighbouring entries of the first part of each head rotate; the
 * output projection has a bias.
 */
@AutoService(Architecture.class)
public final class GptJ implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("gptj");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int headDim = Configs.headDim(config);
        int heads = config.size("num_attention_heads");
        double eps = config.number("layer_norm_epsilon");
        Activation activation = Configs.activation(config, Activation.GELU_TANH);
        AttentionMixer mixer = new AttentionMixer(
                AttentionConfig.of(config.size("hidden_size"), AttentionSpec.causal(heads, heads, headDim))
                        .withRope(RopeParameters.read(c, headDim, RopeStyle.INTERLEAVED)));
        CheckpointWeights weights = new CheckpointWeights(c, "transformer.");
        int numLayers = config.size("num_hidden_layers");
        for (int i = 0; i < numLayers; i++) {
            String attention = "transformer.h." + i + ".attn";
            weights.rename(attention + ".out_proj", attention + ".o_proj");
        }
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer("transformer.h." + i, mixer, (m, x) -> block(m, x, eps, activation)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("transformer.wte.weight")),
                weights,
                (m, tokens) -> m.embedding("transformer.wte", tokens),
                layers,
                (m, x) -> m.linear("lm_head", m.layerNorm("transformer.ln_f", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value n = m.layerNorm("ln_1", x, eps);
        return m.add(m.add(x, m.mix("attn", n)), m.mlp("mlp.fc_in", "mlp.fc_out", activation, n));
    }
}
