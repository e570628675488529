package org.attention4j.loaders.architecture;

import com.google.common.primitives.Doubles;
import java.util.List;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/** What many architectures read from a configuration in the same way. */
final class Configs {
    private static final String ROPE = "rope_parameters.";

    private Configs() {}

    /** Name and sizes; the vocabulary's size is that of the embedding table. */
    static ModelInfo info(Checkpoint checkpoint, Tensor embeddingTable) {
        Config config = checkpoint.config();
        return new ModelInfo(
                checkpoint.architecture(),
                checkpoint
                        .metadata()
                        .text("general.name", String.valueOf(checkpoint.path().getFileName())),
                Math.toIntExact(embeddingTable.shape().dim(0)),
                config.size("hidden_size"),
                config.size("max_position_embeddings"));
    }

    /** The entries of an attention head: {@code head_dim}, by default {@code hidden_size / num_attention_heads}. */
    static int headDim(Config config) {
        int heads = config.size("num_attention_heads");
        int hidden = config.size("hidden_size");
        if (!config.has("head_dim") && hidden % heads != 0) {
            throw config.bad("num_attention_heads", "a divisor of hidden_size " + hidden);
        }
        return config.size("head_dim", hidden / heads);
    }

    /** The sliding window of layer {@code layer}, or 0: all of {@code sliding_window layer_types use_sliding_window}. */
    static int slidingWindow(Config config, int layer) {
        int window = config.size("sliding_window", 0);
        if (config.has("layer_types")) {
            List<String> types = config.texts("layer_types");
            if (layer >= types.size()) {
                throw config.bad("layer_types", "one type for each layer");
            }
            return types.get(layer).equals("sliding_attention") ? window : 0;
        }
        if (config.has("use_sliding_window")) {
            boolean slides = config.flag("use_sliding_window") && layer >= config.integer("max_window_layers", 0);
            return slides ? window : 0;
        }
        return window;
    }

    /** The activation that {@code hidden_act} names. */
    static Activation activation(Config config, Activation fallback) {
        if (!config.has("hidden_act")) {
            return fallback;
        }
        return switch (config.text("hidden_act")) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "relu" -> Activation.RELU;
            case "relu2" -> Activation.RELU2;
            default ->
                throw config.bad(
                        "hidden_act", "one of silu, gelu, gelu_new, gelu_pytorch_tanh, quick_gelu, relu, relu2");
        };
    }

    /** The rotary embedding of the first {@code rotaryDim} entries of a head. */
    static RopeConfig rope(Checkpoint checkpoint, int rotaryDim, RopeStyle style) {
        Config config = checkpoint.config();
        double theta = config.number(ROPE + "rope_theta", 10_000);
        return new RopeConfig(theta, rotaryDim, style, scaling(checkpoint));
    }

    private static RopeScaling scaling(Checkpoint checkpoint) {
        Config config = checkpoint.config();
        if (checkpoint.hasTensor("rope_freqs.weight")) {
            return new RopeScaling.Divided(Doubles.asList(
                    toDoubles(checkpoint.tensor("rope_freqs.weight").toFloatArray())));
        }
        String type = config.text(ROPE + "rope_type", "default");
        return switch (type) {
            case "default", "none" -> new RopeScaling.Default();
            case "linear" -> new RopeScaling.Linear(config.number(ROPE + "factor"));
            case "dynamic" -> new RopeScaling.DynamicNtk(config.number(ROPE + "factor"), originalLength(config));
            case "yarn" -> yarn(config);
            case "llama3" ->
                new RopeScaling.Llama3(
                        config.number(ROPE + "factor"),
                        config.number(ROPE + "low_freq_factor"),
                        config.number(ROPE + "high_freq_factor"),
                        originalLength(config));
            case "longrope", "su" -> longRope(config);
            default -> throw config.bad(ROPE + "rope_type", "one of default, linear, dynamic, yarn, llama3, longrope");
        };
    }

    private static RopeScaling yarn(Config config) {
        double factor = config.number(ROPE + "factor");
        double attention = config.has(ROPE + "mscale") && config.has(ROPE + "mscale_all_dim")
                ? RopeScaling.Yarn.defaultAttentionFactor(
                        factor, config.number(ROPE + "mscale"), config.number(ROPE + "mscale_all_dim"))
                : RopeScaling.Yarn.defaultAttentionFactor(factor);
        return new RopeScaling.Yarn(
                factor,
                originalLength(config),
                config.number(ROPE + "beta_fast", 32),
                config.number(ROPE + "beta_slow", 1),
                config.flag(ROPE + "truncate", true),
                config.number(ROPE + "attention_factor", attention));
    }

    private static RopeScaling longRope(Config config) {
        long original = originalLength(config);
        double factor = config.number(ROPE + "factor", (double) config.size("max_position_embeddings") / original);
        return new RopeScaling.LongRope(
                Doubles.asList(config.numbers(ROPE + "short_factor")),
                Doubles.asList(config.numbers(ROPE + "long_factor")),
                original,
                config.number(
                        ROPE + "attention_factor", RopeScaling.LongRope.defaultAttentionFactor(factor, original)));
    }

    private static long originalLength(Config config) {
        return config.size(ROPE + "original_max_position_embeddings", config.size("max_position_embeddings"));
    }

    private static double[] toDoubles(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = values[i];
        }
        return out;
    }
}
