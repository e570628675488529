package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;

/**
 * Falcon (Almazrouei et al. 2023, arXiv:2311.16867): attention and MLP side by side on the same normalised input,
 * {@code y = x + attention(n) + mlp(n)}; one key/value head (7B), or a few with a norm for each branch (40B). Queries, keys
 * and values are stored in one matrix; Hugging Face interleaves its groups in the 40B layout.
 */
@AutoService(Architecture.class)
public final class Falcon implements Architecture {
    private static final String FUSED = "self_attention.query_key_value.";

    @Override
    public Set<String> names() {
        return Set.of("falcon");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        if (config.flag("alibi", false) || !config.flag("parallel_attn", true)) {
            throw config.bad(config.flag("alibi", false) ? "alibi" : "parallel_attn", "rotary, parallel blocks");
        }
        boolean grouped = c.hasTensor("transformer.h.0.ln_attn.weight");
        int kvHeads = config.size("num_key_value_heads", 1);
        int headDim = Configs.headDim(config);
        double eps = config.number("layer_norm_epsilon");
        Activation activation = Configs.activation(config, Activation.GELU);
        AttentionSpec spec = AttentionSpec.causal(config.size("num_attention_heads"), kvHeads, headDim);
        boolean bias = c.hasTensor("transformer.h.0." + FUSED + "bias");
        AttentionMixer mixer = new AttentionMixer(AttentionConfig.of(config.size("hidden_size"), spec)
                .withRope(RopeParameters.read(c, headDim, RopeStyle.HALF))
                .withBias(bias, bias));
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = weights(c, numLayers, spec, grouped);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i ->
                        new DecoderLayer("transformer.h." + i, mixer, (m, x) -> block(m, x, eps, activation, grouped)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("transformer.word_embeddings.weight")),
                weights,
                (m, tokens) -> m.embedding("transformer.word_embeddings", tokens),
                layers,
                (m, x) -> head(m, m.layerNorm("transformer.ln_f", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation, boolean grouped) {
        Value toAttention = m.layerNorm(grouped ? "ln_attn" : "input_layernorm", x, eps);
        Value toMlp = grouped ? m.layerNorm("ln_mlp", x, eps) : toAttention;
        Value attention = m.mix("self_attention", toAttention);
        return m.add(m.add(x, attention), m.mlp("mlp.dense_h_to_4h", "mlp.dense_4h_to_h", activation, toMlp));
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "transformer.word_embeddings", x);
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers, AttentionSpec spec, boolean grouped) {
        CheckpointWeights weights = new CheckpointWeights(c, "transformer.");
        CheckpointWeights stored = new CheckpointWeights(c, "transformer.");
        boolean interleaved = grouped && c.layout() == WeightLayout.TRANSFORMERS;
        long q = (long) spec.numHeads() * spec.headDim();
        long kv = (long) spec.numKvHeads() * spec.headDim();
        for (int i = 0; i < numLayers; i++) {
            String layer = "transformer.h." + i + ".";
            String attention = layer + "self_attention.";
            for (String kind : List.of("weight", "bias")) {
                String fused = layer + FUSED + kind;
                if (interleaved && stored.has(fused)) {
                    weights.derive(fused, () -> TensorViews.pickRows(stored.get(fused), ungroup(spec)));
                }
                String[] parts = {
                    attention + "q_proj." + kind, attention + "k_proj." + kind, attention + "v_proj." + kind
                };
                weights.split(fused, parts, q, kv, kv);
                if (stored.has(attention + "dense." + kind)) {
                    weights.derive(attention + "o_proj." + kind, () -> stored.get(attention + "dense." + kind));
                }
            }
        }
        return weights;
    }

    /** Rows of queries, then keys, then values, out of groups of {@code groupSize} queries, a key and a value head. */
    private static long[] ungroup(AttentionSpec spec) {
        int g = spec.groupSize();
        LongStream queries = LongStream.range(0, spec.numHeads()).map(h -> h / g * (g + 2) + h % g);
        LongStream keys = LongStream.range(0, spec.numKvHeads()).map(h -> h * (g + 2) + g);
        LongStream values = LongStream.range(0, spec.numKvHeads()).map(h -> h * (g + 2) + g + 1);
        return LongStream.concat(LongStream.concat(queries, keys), values)
                .flatMap(head -> LongStream.range(head * spec.headDim(), (head + 1) * spec.headDim()))
                .toArray();
    }
}
