package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.mixer.attention.Alibi;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * MPT (MosaicML 2023, "Introducing MPT-7B"; its code is llm-foundry): ALiBi in place of positions, hardly any biases, queries,
 * keys and values in one matrix, in some models clipped, in others queries and keys normalised.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Mpt implements Architecture, GgufNaming {
    private static final String BLOCK = "transformer.blocks.";
    private static final double EPS = 1e-5;

    @Override
    public Set<String> names() {
        return Set.of("mpt");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        requireKnown(c);
        double eps = config.number("layer_norm_epsilon", EPS);
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = new CheckpointWeights(c, "transformer.");
        AttentionConfig attention = attention(config, weights, eps);
        for (int i = 0; i < numLayers; i++) {
            String attn = BLOCK + i + ".attn";
            weights.rename(attn + ".q_ln", attn + ".q_norm");
            weights.rename(attn + ".k_ln", attn + ".k_norm");
            FusedQkv.split(weights, attn + ".Wqkv", attn, attention.spec());
            weights.rename(attn + ".out_proj", attn + ".o_proj");
        }
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer(BLOCK + i, new AttentionMixer(attention), (m, x) -> block(m, x, eps)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("transformer.wte.weight")),
                weights,
                Mpt::embed,
                layers,
                (m, x) -> head(m, m.layerNorm("transformer.norm_f", x, eps)));
    }

    private static AttentionConfig attention(Config config, CheckpointWeights weights, double eps) {
        Config attn = config.section("attn_config");
        int heads = config.size("num_attention_heads");
        int headDim = Configs.headDim(config);
        boolean oneKey = attn.text("attn_type", "").equals("multiquery_attention");
        AttentionSpec spec = AttentionSpec.causal(heads, attn.size("kv_n_heads", oneKey ? 1 : heads), headDim)
                .withScale(attn.number("softmax_scale", 1 / Math.sqrt(headDim)));
        AttentionConfig attention = AttentionConfig.of(config.size("hidden_size"), spec)
                .withClipQkv(attn.number("clip_qkv", 0))
                .withBias(weights.has(BLOCK + "0.attn.Wqkv.bias"), weights.has(BLOCK + "0.attn.out_proj.bias"));
        if (weights.has(BLOCK + "0.attn.q_ln.weight")) {
            attention = attention.withQkNorm(new QkNorm(QkNorm.Kind.PROJECTION_LAYER, eps));
        }
        // GGUF has no flag, but says that the largest bias is 0.
        double maxBias = attn.number("alibi_bias_max", 8);
        return attn.flag("alibi", maxBias > 0) ? attention.withAlibi(new Alibi(maxBias, 1)) : attention;
    }

    /** llm-foundry's configurations can say much that no published model has. */
    private static void requireKnown(Checkpoint c) {
        Config config = c.config();
        Config attn = config.section("attn_config");
        if (attn.flag("rope", false)) {
            throw attn.bad("rope", "false: ALiBi or learned positions");
        }
        if (attn.flag("qk_gn", false)) {
            throw attn.bad("qk_gn", "false");
        }
        if (c.hasTensor(BLOCK + "0.attn.q_ln.bias")) {
            throw new UnsupportedModelException(c.path(), "norms of queries and keys have biases, expected none");
        }
        if (config.has("logit_scale")) {
            throw config.bad("logit_scale", "none");
        }
        if (!config.text("norm_type", "layernorm").endsWith("layernorm")) {
            throw config.bad("norm_type", "layernorm or low_precision_layernorm");
        }
        if (!config.section("ffn_config").text("ffn_type", "mptmlp").equals("mptmlp")) {
            throw config.section("ffn_config").bad("ffn_type", "mptmlp");
        }
    }

    private static Value embed(ModelBuilder m, Value tokens) {
        Value x = m.embedding("transformer.wte", tokens);
        return m.findWeight("transformer.wpe.weight")
                .map(table -> m.add(x, m.apply(new Embedding(), m.positions(), table)))
                .orElse(x);
    }

    private static Value block(LayerBuilder m, Value x, double eps) {
        Value h = m.add(x, m.mix("attn", m.layerNorm("norm_1", x, eps)));
        return m.add(h, m.mlp("ffn.up_proj", "ffn.down_proj", Activation.GELU, m.layerNorm("norm_2", h, eps)));
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "transformer.wte", x);
    }

    @Override
    public Set<String> architectures() {
        return Set.of("mpt");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of(
                "attn_config.alibi_bias_max", "attention.max_alibi_bias",
                "attn_config.clip_qkv", "attention.clamp_kqv",
                "attn_config.kv_n_heads", "attention.head_count_kv");
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "transformer.norm_f",
                "output_norm",
                BLOCK + "{layer}.norm_1",
                "blk.{layer}.attn_norm",
                BLOCK + "{layer}.attn.Wqkv",
                "blk.{layer}.attn_qkv",
                BLOCK + "{layer}.attn.q_ln",
                "blk.{layer}.attn_q_norm",
                BLOCK + "{layer}.attn.k_ln",
                "blk.{layer}.attn_k_norm",
                BLOCK + "{layer}.attn.out_proj",
                "blk.{layer}.attn_output",
                BLOCK + "{layer}.norm_2",
                "blk.{layer}.ffn_norm",
                BLOCK + "{layer}.ffn.up_proj",
                "blk.{layer}.ffn_up",
                BLOCK + "{layer}.ffn.down_proj",
                "blk.{layer}.ffn_down");
    }
}
