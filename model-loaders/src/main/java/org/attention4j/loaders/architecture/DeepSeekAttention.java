package org.attention4j.loaders.architecture;

import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;

/** What a DeepSeek model says about its latent attention. */
final class DeepSeekAttention {
    /** Of the norms of compressed vectors, in all published code, whatever {@code rms_norm_eps} is. */
    private static final double NORM_EPS = 1e-6;

    private static final String FIRST = "model.layers.0.self_attn.";

    private DeepSeekAttention() {}

    static MlaConfig config(Checkpoint c) {
        Config config = c.config();
        boolean ggml = c.layout() == WeightLayout.GGML;
        if (config.has("attention.temperature_scale")) {
            throw config.bad("attention.temperature_scale", "none: queries are not scaled by their positions");
        }
        int ropeDim = config.size("qk_rope_head_dim");
        RopeConfig rope = rope(c, ropeDim);
        MlaConfig mla = MlaConfig.of(
                config.size("hidden_size"),
                config.size("num_attention_heads"),
                ggml ? headDim(config) - ropeDim : config.size("qk_nope_head_dim"),
                ggml && !config.has("v_head_dim") ? config.size("expanded_v_head_dim") : config.size("v_head_dim"),
                config.size("kv_lora_rank"),
                rope,
                NORM_EPS);
        int qRank = config.integer("q_lora_rank", 0);
        return (qRank == 0 ? mla : mla.withQLoraRank(qRank))
                .withScale(mla.spec().scale() * Math.pow(mscale(config, rope), 2))
                .withBias(config.flag("attention_bias", false))
                .withSeparateUp(c.hasTensor(FIRST + "k_b_proj.weight"));
    }

    /** Entries of a query and key: older GGUF files describe the expanded way only. */
    private static int headDim(Config config) {
        String key = config.has("qk_head_dim") ? "qk_head_dim" : "expanded_head_dim";
        int headDim = config.size(key);
        if (headDim <= config.size("qk_rope_head_dim")) {
            throw config.bad(key, "more than the rotated " + config.size("qk_rope_head_dim"));
        }
        return headDim;
    }

    private static RopeConfig rope(Checkpoint c, int ropeDim) {
        Config config = c.config();
        boolean halves = c.architecture().equals("deepseek_v3") && !config.flag("rope_interleave", true);
        RopeConfig rope = RopeParameters.read(c, ropeDim, halves ? RopeStyle.HALF : RopeStyle.INTERLEAVED);
        // A GGUF file with a multiplier keeps mscale_all_dim only, and means that mscale is the same.
        if (rope.scaling() instanceof RopeScaling.Yarn yarn && logMultiplier(config) != 0) {
            return new RopeConfig(rope.theta(), rope.rotaryDim(), rope.style(), yarn.withAttentionFactor(1));
        }
        return rope;
    }

    /** By what YaRN enlarges queries, and keys too. */
    private static double mscale(Config config, RopeConfig rope) {
        double allDim = config.section("rope_parameters").number("mscale_all_dim", logMultiplier(config) / 0.1);
        return rope.scaling() instanceof RopeScaling.Yarn yarn && allDim != 0
                ? RopeScaling.Yarn.mscale(yarn.factor(), allDim)
                : 1;
    }

    /** {@code 0.1·mscale_all_dim}, as GGUF has it. */
    private static double logMultiplier(Config config) {
        return config.section("rope_parameters").number("log_multiplier", 0);
    }
}
