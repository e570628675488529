package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.rglru.RgLruMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;

/**
 * RecurrentGemma (Botev et al. 2024, arXiv:2404.07839): Griffin's blocks, of which every third is attention with one key/value
 * head, with Gemma's norms, scaled embeddings and capped logits. As transformers computes a sequence, attention has no window;
 * the paper's has one of 2,048 tokens, up to which both are the same. llama.cpp has no GGUF form of it.
 */
@AutoService(Architecture.class)
public final class RecurrentGemma implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("recurrent_gemma");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        Activation activation = Configs.activation(config, Activation.GELU_TANH);
        CheckpointWeights weights = LlamaFamily.weights(c);
        int hidden = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.size("num_hidden_layers"); i++) {
            String layer = "model.layers." + i;
            String mixer = layer + ".temporal_block.";
            SequenceMixer kind = weights.has(mixer + "q_proj.weight")
                    ? attention(c, weights, mixer)
                    : new RgLruMixer(
                            hidden,
                            config.size("lru_width", hidden),
                            heads,
                            config.size("conv1d_width", 4),
                            activation);
            layers.add(new DecoderLayer(layer, kind, (m, x) -> block(m, x, eps, activation)));
        }
        double scale = roundedToBf16(Math.sqrt(hidden));
        double cap = config.number("logits_soft_cap", 0);
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight"), 1 << 13),
                weights,
                (m, tokens) -> m.graph().mul(m.embedding("model.embed_tokens", tokens), scale),
                layers,
                (m, x) -> GemmaFamily.softcap(m, LlamaFamily.head(m, norm(m, "model.final_norm", x, eps)), cap));
    }

    /** The factor of embeddings is kept as BF16. */
    private static double roundedToBf16(double x) {
        int bits = Float.floatToIntBits((float) x);
        int rounded = bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000;
        return Float.intBitsToFloat(rounded);
    }

    private static Value norm(ModelBuilder m, String name, Value x, double eps) {
        return m.apply(new RmsNorm(eps, 1), x, m.weight(name + ".weight"));
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value h = m.add(x, m.mix("temporal_block", norm(m, "temporal_pre_norm", x, eps)));
        Value n = norm(m, "channel_pre_norm", h, eps);
        return m.add(h, m.gatedMlp("mlp_block.gate_proj", "mlp_block.up_proj", "mlp_block.down_proj", activation, n));
    }

    private static AttentionMixer attention(Checkpoint c, CheckpointWeights weights, String mixer) {
        Config config = c.config();
        int headDim = Configs.headDim(config);
        int heads = config.size("num_attention_heads");
        AttentionSpec spec = AttentionSpec.causal(heads, config.size("num_key_value_heads", heads), headDim);
        return new AttentionMixer(AttentionConfig.of(config.size("hidden_size"), spec)
                .withRope(RopeParameters.read(c, headDim, RopeStyle.HALF))
                .withBias(weights.has(mixer + "q_proj.bias"), weights.has(mixer + "o_proj.bias")));
    }
}
