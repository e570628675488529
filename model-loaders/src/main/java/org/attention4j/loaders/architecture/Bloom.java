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
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * BLOOM (BigScience Workshop 2022, arXiv:2211.05100, section 3.2): ALiBi in place of positions, and a norm right after the
 * embedding. Queries, keys and values are one matrix; Hugging Face keeps a head's three together.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Bloom implements Architecture, GgufNaming {
    /** The length of sequences in training (table 3), which some files do not state; ALiBi itself has no limit. */
    private static final int CONTEXT_LENGTH = 2048;

    private static final String LAYER = "transformer.h.";

    @Override
    public Set<String> names() {
        return Set.of("bloom");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int heads = config.size("num_attention_heads");
        double eps = config.number("layer_norm_epsilon");
        boolean residualOfNorm = config.flag("apply_residual_connection_post_layernorm", false);
        AttentionSpec spec = AttentionSpec.causal(heads, heads, Configs.headDim(config));
        AttentionMixer mixer = new AttentionMixer(
                AttentionConfig.of(config.size("hidden_size"), spec).withAlibi().withBias(true, true));
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = weights(c, numLayers, spec);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer(LAYER + i, mixer, (m, x) -> block(m, x, eps, residualOfNorm)))
                .toList();
        return new DecoderModel(
                Configs.info(
                        c,
                        weights.get("transformer.word_embeddings.weight"),
                        config.size("max_position_embeddings", CONTEXT_LENGTH)),
                weights,
                (m, tokens) -> m.layerNorm(
                        "transformer.word_embeddings_layernorm",
                        m.embedding("transformer.word_embeddings", tokens),
                        eps),
                layers,
                (m, x) -> head(m, m.layerNorm("transformer.ln_f", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, boolean residualOfNorm) {
        Value n = m.layerNorm("input_layernorm", x, eps);
        Value h = m.add(residualOfNorm ? n : x, m.mix("self_attention", n));
        Value o = m.layerNorm("post_attention_layernorm", h, eps);
        Value mlp = m.mlp("mlp.dense_h_to_4h", "mlp.dense_4h_to_h", Activation.GELU_TANH, o);
        return m.add(residualOfNorm ? o : h, mlp);
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "transformer.word_embeddings", x);
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers, AttentionSpec spec) {
        CheckpointWeights weights = new CheckpointWeights(c, "transformer.");
        CheckpointWeights stored = new CheckpointWeights(c, "transformer.");
        for (int i = 0; i < numLayers; i++) {
            String attention = LAYER + i + ".self_attention";
            if (c.layout() == WeightLayout.TRANSFORMERS) {
                FusedQkv.splitGroups(weights, stored, attention + ".query_key_value", attention, spec);
            } else {
                FusedQkv.split(weights, attention + ".query_key_value", attention, spec);
            }
            weights.rename(attention + ".dense", attention + ".o_proj");
        }
        return weights;
    }

    @Override
    public Set<String> architectures() {
        return Set.of("bloom");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of();
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "transformer.word_embeddings_layernorm",
                "token_embd_norm",
                LAYER + "{layer}.post_attention_layernorm",
                "blk.{layer}.ffn_norm");
    }
}
