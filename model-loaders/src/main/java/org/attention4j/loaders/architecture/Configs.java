package org.attention4j.loaders.architecture;

import java.util.List;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/** What many architectures read from a configuration in the same way. */
public final class Configs {
    private Configs() {}

    /** Name and sizes; the vocabulary's size is that of the embedding table. */
    public static ModelInfo info(Checkpoint checkpoint, Tensor embeddingTable) {
        return info(checkpoint, embeddingTable, checkpoint.config().size("max_position_embeddings"));
    }

    /** The same for a model that says otherwise for how many tokens it was trained. */
    static ModelInfo info(Checkpoint checkpoint, Tensor embeddingTable, int contextLength) {
        Config config = checkpoint.config();
        return new ModelInfo(
                checkpoint.architecture(),
                checkpoint
                        .metadata()
                        .text("general.name", String.valueOf(checkpoint.path().getFileName())),
                Math.toIntExact(embeddingTable.shape().dim(0)),
                config.size("hidden_size"),
                contextLength);
    }

    /** The entries of an attention head: {@code head_dim}, by default {@code hidden_size / num_attention_heads}. */
    public static int headDim(Config config) {
        int heads = config.size("num_attention_heads");
        int hidden = config.size("hidden_size");
        if (!config.has("head_dim") && hidden % heads != 0) {
            throw config.bad("num_attention_heads", "a divisor of hidden_size " + hidden);
        }
        return config.size("head_dim", hidden / heads);
    }

    /** The sliding window of layer {@code layer}, or 0: all of {@code sliding_window layer_types use_sliding_window}. */
    public static int slidingWindow(Config config, int layer) {
        int window = window(config, 0);
        if (config.has("layer_types")) {
            return isOfType(config, layer, "sliding_attention") ? window : 0;
        }
        if (config.has("use_sliding_window")) {
            boolean slides = config.flag("use_sliding_window") && layer >= config.integer("max_window_layers", 0);
            return slides ? window : 0;
        }
        return window;
    }

    /**
     * The size of sliding windows, or 0: {@code sliding_window}, unless all that the model was trained for fits in.
     *
     * @param fallback if the configuration does not say
     */
    public static int window(Config config, int fallback) {
        int window = config.integer("sliding_window", fallback);
        if (window < 0) {
            throw config.bad("sliding_window", "0 or a positive integer");
        }
        return window >= config.size("max_position_embeddings", Integer.MAX_VALUE) ? 0 : window;
    }

    /**
     * Whether a layer has a sliding window in a model where most have: as {@code layer_types} says, or else
     * {@code sliding_window_pattern}, which is n if every n-th layer sees everything, or has a truth value for each layer.
     *
     * @param fallback that n, if the configuration does not say
     */
    public static boolean slides(Config config, int layer, int fallback) {
        if (config.has("layer_types")) {
            return isOfType(config, layer, "sliding_attention");
        }
        String key = "sliding_window_pattern";
        if (config.find(key).filter(List.class::isInstance).isPresent()) {
            List<Boolean> slides = config.flags(key);
            if (layer >= slides.size()) {
                throw config.bad(key, "a truth value for each layer");
            }
            return slides.get(layer);
        }
        return (layer + 1) % config.size(key, fallback) != 0;
    }

    private static boolean isOfType(Config config, int layer, String type) {
        List<String> types = config.texts("layer_types");
        if (layer >= types.size()) {
            throw config.bad("layer_types", "one type for each layer");
        }
        return types.get(layer).equals(type);
    }

    /** The same attention with biases of its projections where the first layer has them. */
    static AttentionConfig withBiases(Checkpoint checkpoint, AttentionConfig attention) {
        String layer = "model.layers.0.self_attn.";
        return attention.withBias(
                checkpoint.hasTensor(layer + "q_proj.bias"), checkpoint.hasTensor(layer + "o_proj.bias"));
    }

    /** The activation that {@code hidden_act} names. */
    public static Activation activation(Config config, Activation fallback) {
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
}
