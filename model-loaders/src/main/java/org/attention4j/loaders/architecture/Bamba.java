package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Bamba (IBM et al. 2024): Mamba-2 layers with a few of attention between them, each with an MLP. GGUF files call it {@code
 * granitehybrid}, as they do Granite 4, which adds Granite's constants (see {@link Granite}).
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Bamba implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("bamba", "granitehybrid");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        if (config.integer("num_local_experts", 0) > 0) {
            throw config.bad("num_local_experts", "0: hybrids of Mamba-2 with experts are not supported");
        }
        double eps = config.number("rms_norm_eps");
        double residual = config.number("residual_multiplier", 1);
        Activation activation = Configs.activation(config, Activation.SILU);
        CheckpointWeights weights = LlamaFamily.weights(c);
        CheckpointWeights stored = LlamaFamily.weights(c);
        Mamba2Config sizes = mamba(c, eps);
        Mamba2Mixer mamba = new Mamba2Mixer(sizes);
        AttentionMixer attention = new AttentionMixer(attention(c));
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.size("num_hidden_layers"); i++) {
            String layer = "model.layers." + i;
            boolean attends = Hybrids.isAttention(weights, i);
            if (!attends) {
                Mamba2.derive(weights, stored, layer + ".mamba", sizes);
            }
            SequenceMixer mixer = attends ? attention : mamba;
            String name = attends ? "self_attn" : "mamba";
            layers.add(new DecoderLayer(layer, mixer, (m, x) -> block(m, x, eps, name, activation, residual)));
        }
        double embedding = config.number("embedding_multiplier", 1);
        double logits = 1 / config.number("logits_scaling", 1);
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> scaled(m.embedding("model.embed_tokens", tokens), embedding, m),
                layers,
                (m, x) -> scaled(LlamaFamily.head(m, m.rmsNorm("model.final_layernorm", x, eps)), logits, m));
    }

    private static Value scaled(Value x, double factor, ModelBuilder m) {
        return factor == 1 ? x : m.graph().mul(x, factor);
    }

    private static Value block(
            LayerBuilder m, Value x, double eps, String mixer, Activation activation, double residual) {
        Value h = m.add(x, scaled(m.mix(mixer, m.rmsNorm("input_layernorm", x, eps)), residual, m));
        Value n = m.rmsNorm("pre_ff_layernorm", h, eps);
        Value mlp =
                m.gatedMlp("feed_forward.gate_proj", "feed_forward.up_proj", "feed_forward.down_proj", activation, n);
        return m.add(h, scaled(mlp, residual, m));
    }

    private static AttentionConfig attention(Checkpoint c) {
        Config config = c.config();
        AttentionSpec spec = Hybrids.attention(config);
        AttentionConfig attention = AttentionConfig.of(
                config.size("hidden_size"), spec.withScale(config.number("attention_multiplier", spec.scale())));
        boolean rotated = config.flag("rope_parameters.finetuned", true);
        RopeStyle style = c.layout() == WeightLayout.GGML ? RopeStyle.INTERLEAVED : RopeStyle.HALF;
        if (!rotated) {
            return attention;
        }
        RopeConfig rope = RopeParameters.read(c, spec.headDim(), style);
        // Transformers rotates whole heads, whatever partial_rotary_factor says.
        boolean whole = c.layout() == WeightLayout.TRANSFORMERS;
        return attention.withRope(
                whole ? new RopeConfig(rope.theta(), spec.headDim(), rope.style(), rope.scaling()) : rope);
    }

    /** Half channels are cut off, as transformers does. */
    private static int expanded(Config config, int hidden) {
        double expand = config.number("mamba_expand", 2);
        if (!(hidden * expand >= 1)) {
            throw config.bad("mamba_expand", "a factor that makes at least one channel of %d".formatted(hidden));
        }
        return (int) (hidden * expand);
    }

    private static Mamba2Config mamba(Checkpoint c, double eps) {
        Config config = c.config();
        boolean ggml = c.layout() == WeightLayout.GGML;
        int hidden = config.size("hidden_size");
        int inner = config.size("mamba_inner_size", expanded(config, hidden));
        int heads = config.size("mamba_n_heads");
        if (inner % heads != 0) {
            throw config.bad("mamba_n_heads", "a divisor of the %d channels".formatted(inner));
        }
        int groups = config.size("mamba_n_groups", 1);
        double[] limit = Mamba2.timeStepLimit(config);
        return new Mamba2Config(
                hidden,
                heads,
                inner / heads,
                config.size("mamba_d_state"),
                groups,
                config.size("mamba_d_conv"),
                eps,
                ggml ? groups : 1,
                limit[0],
                limit[1]);
    }

    @Override
    public Set<String> architectures() {
        return Set.of("granitehybrid");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.ofEntries(
                Map.entry("mamba_inner_size", "ssm.inner_size"),
                Map.entry("mamba_n_heads", "ssm.time_step_rank"),
                Map.entry("mamba_n_groups", "ssm.group_count"),
                Map.entry("mamba_d_state", "ssm.state_size"),
                Map.entry("mamba_d_conv", "ssm.conv_kernel"),
                Map.entry("num_local_experts", "expert_count"),
                Map.entry("embedding_multiplier", "embedding_scale"),
                Map.entry("attention_multiplier", "attention.scale"),
                Map.entry("residual_multiplier", "residual_scale"),
                Map.entry("logits_scaling", "logit_scale"),
                Map.entry("rope_parameters.finetuned", "rope.scaling.finetuned"));
    }

    @Override
    public Map<String, String> tensors() {
        String mamba = "model.layers.{layer}.mamba.";
        String mlp = "model.layers.{layer}.feed_forward.";
        return Map.ofEntries(
                Map.entry("model.final_layernorm", "output_norm"),
                Map.entry("model.layers.{layer}.pre_ff_layernorm", "blk.{layer}.ffn_norm"),
                Map.entry(mlp + "gate_proj", "blk.{layer}.ffn_gate"),
                Map.entry(mlp + "up_proj", "blk.{layer}.ffn_up"),
                Map.entry(mlp + "down_proj", "blk.{layer}.ffn_down"),
                Map.entry(mamba + "in_proj", "blk.{layer}.ssm_in"),
                Map.entry(mamba + "conv1d", "blk.{layer}.ssm_conv1d"),
                Map.entry(mamba + "dt_bias", "blk.{layer}.ssm_dt.bias"),
                Map.entry(mamba + "A", "blk.{layer}.ssm_a"),
                Map.entry(mamba + "D", "blk.{layer}.ssm_d"),
                Map.entry(mamba + "norm", "blk.{layer}.ssm_norm"),
                Map.entry(mamba + "out_proj", "blk.{layer}.ssm_out"));
    }
}
