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
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/**
 * OPT (Zhang et al. 2022, arXiv:2205.01068) and Galactica: learned positions, whose table begins with two rows that no position
 * uses, and LayerNorm before attention and MLP, or in the 350M model after them and their residuals, without a last norm. There
 * the embeddings are smaller than the hidden states, and two projections stand between.
 */
@AutoService(Architecture.class)
public final class Opt implements Architecture {
    private static final String DECODER = "model.decoder.";
    private static final int UNUSED_POSITIONS = 2;
    private static final double EPS = 1e-5;

    @Override
    public Set<String> names() {
        return Set.of("opt");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int heads = config.size("num_attention_heads");
        boolean before = config.flag("do_layer_norm_before", true);
        boolean lastNorm = before && !config.flag("_remove_final_layer_norm", false);
        Activation activation = Configs.activation(config, Activation.RELU);
        CheckpointWeights weights = new CheckpointWeights(c, "model.");
        int numLayers = config.size("num_hidden_layers");
        for (int i = 0; i < numLayers; i++) {
            String attention = DECODER + "layers." + i + ".self_attn";
            weights.rename(attention + ".out_proj", attention + ".o_proj");
        }
        boolean bias = weights.has(DECODER + "layers.0.self_attn.q_proj.bias");
        AttentionSpec spec = AttentionSpec.causal(heads, heads, Configs.headDim(config));
        AttentionMixer mixer = new AttentionMixer(
                AttentionConfig.of(config.size("hidden_size"), spec).withBias(bias, bias));
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i ->
                        new DecoderLayer(DECODER + "layers." + i, mixer, (m, x) -> block(m, x, before, activation)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get(DECODER + "embed_tokens.weight")),
                weights,
                Opt::embed,
                layers,
                (m, x) -> head(m, lastNorm ? norm(m, DECODER + "final_layer_norm", x) : x));
    }

    private static Value embed(ModelBuilder m, Value tokens) {
        Value rows = m.add(m.positions(), m.graph().scalar(DType.I64, UNUSED_POSITIONS));
        Value positions = m.apply(new Embedding(), rows, m.weight(DECODER + "embed_positions.weight"));
        Value x = m.embedding(DECODER + "embed_tokens", tokens);
        return m.add(projected(m, DECODER + "project_in", x), positions);
    }

    private static Value block(LayerBuilder m, Value x, boolean before, Activation activation) {
        Value a = m.add(x, m.mix("self_attn", before ? norm(m, "self_attn_layer_norm", x) : x));
        Value h = before ? a : norm(m, "self_attn_layer_norm", a);
        Value y = m.add(h, m.mlp("fc1", "fc2", activation, before ? norm(m, "final_layer_norm", h) : h));
        return before ? y : norm(m, "final_layer_norm", y);
    }

    private static Value head(ModelBuilder m, Value x) {
        boolean own = m.findWeight("lm_head.weight").isPresent();
        return m.linear(own ? "lm_head" : DECODER + "embed_tokens", projected(m, DECODER + "project_out", x));
    }

    private static Value projected(ModelBuilder m, String name, Value x) {
        return m.findWeight(name + ".weight").isPresent() ? m.linear(name, x) : x;
    }

    /** LayerNorm, of which some models have no weights. */
    private static Value norm(ModelBuilder m, String name, Value x) {
        return m.findWeight(name + ".weight").isPresent()
                ? m.layerNorm(name, x, EPS)
                : m.apply(new LayerNorm(EPS, false, false), x);
    }
}
