package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Alibi;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;

/**
 * Falcon (Almazrouei et al. 2023, arXiv:2311.16867): attention and MLP side by side on the same normalised input,
 * {@code y = x + attention(n) + mlp(n)}, with one key/value head (7B) or a few, then with a norm for each branch (40B) or one for
 * both (2-11B). The RW models have the usual blocks of attention, then MLP, and ALiBi, whose bias is added before the scores are
 * scaled. Queries, keys and values are stored in one matrix, in groups with a key and a value head each.
 */
@AutoService(Architecture.class)
public final class Falcon implements Architecture {
    private static final String LAYER = "transformer.h.";
    private static final String FUSED = "self_attention.query_key_value";

    @Override
    public Set<String> names() {
        return Set.of("falcon");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        boolean twoNorms = c.hasTensor(LAYER + "0.ln_attn.weight");
        boolean parallel = twoNorms || config.flag("parallel_attn", true);
        double eps = config.number("layer_norm_epsilon");
        Activation activation = Configs.activation(config, Activation.GELU);
        AttentionConfig attention = attention(c);
        AttentionMixer mixer = new AttentionMixer(attention);
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = weights(c, numLayers, attention.spec());
        DecoderLayer.Block block = (m, x) ->
                parallel ? parallelBlock(m, x, eps, activation, twoNorms) : sequentialBlock(m, x, eps, activation);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer(LAYER + i, mixer, block))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("transformer.word_embeddings.weight")),
                weights,
                (m, tokens) -> m.embedding("transformer.word_embeddings", tokens),
                layers,
                (m, x) -> head(m, m.layerNorm("transformer.ln_f", x, eps)));
    }

    private static AttentionConfig attention(Checkpoint c) {
        Config config = c.config();
        int headDim = Configs.headDim(config);
        AttentionSpec spec = AttentionSpec.causal(config.size("num_attention_heads"), numKvHeads(c), headDim);
        boolean bias = c.hasTensor(LAYER + "0." + FUSED + ".bias");
        AttentionConfig attention =
                AttentionConfig.of(config.size("hidden_size"), spec).withBias(bias, bias);
        return config.flag("alibi", false)
                ? attention.withAlibi(new Alibi(8, spec.scale()))
                : attention.withRope(RopeParameters.read(c, headDim, RopeStyle.HALF));
    }

    /** Hugging Face configurations of the older decoder may state a number of key/value heads that does not hold. */
    private static int numKvHeads(Checkpoint c) {
        Config config = c.config();
        boolean old = c.layout() == WeightLayout.TRANSFORMERS && !config.flag("new_decoder_architecture", false);
        if (old) {
            return config.flag("multi_query", true) ? 1 : config.size("num_attention_heads");
        }
        return config.size("num_key_value_heads", 1);
    }

    private static Value parallelBlock(LayerBuilder m, Value x, double eps, Activation activation, boolean twoNorms) {
        Value toAttention = m.layerNorm(twoNorms ? "ln_attn" : "input_layernorm", x, eps);
        Value toMlp = twoNorms ? m.layerNorm("ln_mlp", x, eps) : toAttention;
        return m.add(m.add(x, m.mix("self_attention", toAttention)), mlp(m, activation, toMlp));
    }

    private static Value sequentialBlock(LayerBuilder m, Value x, double eps, Activation activation) {
        Value h = m.add(x, m.mix("self_attention", m.layerNorm("input_layernorm", x, eps)));
        return m.add(h, mlp(m, activation, m.layerNorm("post_attention_layernorm", h, eps)));
    }

    private static Value mlp(LayerBuilder m, Activation activation, Value x) {
        return m.mlp("mlp.dense_h_to_4h", "mlp.dense_4h_to_h", activation, x);
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "transformer.word_embeddings", x);
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers, AttentionSpec spec) {
        CheckpointWeights weights = new CheckpointWeights(c, "transformer.");
        CheckpointWeights stored = new CheckpointWeights(c, "transformer.");
        for (int i = 0; i < numLayers; i++) {
            String layer = LAYER + i + ".";
            String attention = layer + "self_attention";
            if (c.layout() == WeightLayout.TRANSFORMERS) {
                FusedQkv.splitGroups(weights, stored, layer + FUSED, attention, spec);
            } else {
                FusedQkv.split(weights, layer + FUSED, attention, spec);
            }
            weights.rename(attention + ".dense", attention + ".o_proj");
        }
        return weights;
    }
}
