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
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * GPT-NeoX (Black et al. 2022, arXiv:2204.06745, section 2) and Pythia: part of each head rotates, and attention and MLP stand
 * side by side with a norm each, {@code y = x + attention(norm1 x) + mlp(norm2 x)}, or, without the parallel residual, one after
 * the other. Queries, keys and values are one matrix; Hugging Face keeps a head's three together.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class GptNeoX implements Architecture, GgufNaming {
    private static final String LAYER = "gpt_neox.layers.";

    @Override
    public Set<String> names() {
        return Set.of("gpt_neox", "gptneox");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int headDim = Configs.headDim(config);
        int heads = config.size("num_attention_heads");
        double eps = config.number("layer_norm_epsilon");
        boolean parallel = config.flag("use_parallel_residual", true);
        Activation activation = Configs.activation(config, Activation.GELU);
        AttentionSpec spec = AttentionSpec.causal(heads, heads, headDim);
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = weights(c, numLayers, spec);
        boolean bias = weights.has(LAYER + "0.attention.query_key_value.bias");
        AttentionMixer mixer = new AttentionMixer(AttentionConfig.of(config.size("hidden_size"), spec)
                .withRope(RopeParameters.read(c, headDim, RopeStyle.HALF))
                .withBias(bias, bias));
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer(LAYER + i, mixer, (m, x) -> block(m, x, eps, parallel, activation)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("gpt_neox.embed_in.weight")),
                weights,
                (m, tokens) -> m.embedding("gpt_neox.embed_in", tokens),
                layers,
                (m, x) -> head(m, m.layerNorm("gpt_neox.final_layer_norm", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, boolean parallel, Activation activation) {
        Value h = m.add(x, m.mix("attention", m.layerNorm("input_layernorm", x, eps)));
        Value n = m.layerNorm("post_attention_layernorm", parallel ? x : h, eps);
        return m.add(h, m.mlp("mlp.dense_h_to_4h", "mlp.dense_4h_to_h", activation, n));
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("embed_out.weight").isPresent() ? "embed_out" : "gpt_neox.embed_in", x);
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers, AttentionSpec spec) {
        CheckpointWeights weights = new CheckpointWeights(c, "gpt_neox.");
        CheckpointWeights stored = new CheckpointWeights(c, "gpt_neox.");
        for (int i = 0; i < numLayers; i++) {
            String attention = LAYER + i + ".attention";
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
        return Set.of("gptneox");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of();
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "gpt_neox.embed_in",
                "token_embd",
                "gpt_neox.final_layer_norm",
                "output_norm",
                "embed_out",
                "output",
                LAYER + "{layer}.input_layernorm",
                "blk.{layer}.attn_norm",
                LAYER + "{layer}.attention.query_key_value",
                "blk.{layer}.attn_qkv",
                LAYER + "{layer}.attention.dense",
                "blk.{layer}.attn_output",
                LAYER + "{layer}.post_attention_layernorm",
                "blk.{layer}.ffn_norm",
                LAYER + "{layer}.mlp.dense_h_to_4h",
                "blk.{layer}.ffn_up",
                LAYER + "{layer}.mlp.dense_4h_to_h",
                "blk.{layer}.ffn_down");
    }
}
