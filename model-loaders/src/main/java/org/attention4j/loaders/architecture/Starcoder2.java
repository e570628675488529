package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
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
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * StarCoder 2 (Lozhkov et al. 2024, arXiv:2402.19173, section 5.2): Llama's attention with biases and a sliding window, LayerNorm
 * and a plain MLP. GGUF files drop the window.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Starcoder2 implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("starcoder2");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("layer_norm_epsilon");
        Activation activation = Configs.activation(config, Activation.GELU_TANH);
        CheckpointWeights weights = new CheckpointWeights(c, "model.");
        AttentionConfig attention = LlamaFamily.attention(c, RopeStyle.HALF)
                .withBias(
                        weights.has("model.layers.0.self_attn.q_proj.bias"),
                        weights.has("model.layers.0.self_attn.o_proj.bias"));
        List<DecoderLayer> layers = IntStream.range(0, config.size("num_hidden_layers"))
                .mapToObj(i -> new DecoderLayer(
                        "model.layers." + i,
                        new AttentionMixer(attention.withWindow(Configs.slidingWindow(config, i))),
                        (m, x) -> block(m, x, eps, activation)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> head(m, m.layerNorm("model.norm", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value h = m.add(x, m.mix("self_attn", m.layerNorm("input_layernorm", x, eps)));
        Value n = m.layerNorm("post_attention_layernorm", h, eps);
        return m.add(h, m.mlp("mlp.c_fc", "mlp.c_proj", activation, n));
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "model.embed_tokens", x);
    }

    @Override
    public Set<String> architectures() {
        return Set.of("starcoder2");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of();
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "model.layers.{layer}.mlp.c_fc", "blk.{layer}.ffn_up",
                "model.layers.{layer}.mlp.c_proj", "blk.{layer}.ffn_down");
    }
}
