package org.attention4j.loaders.architecture;

import java.util.List;
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

    /** The same with the context length of models whose files may leave it out. */
    static ModelInfo info(Checkpoint checkpoint, Tensor embeddingTable, int defaultContextLength) {
        Config config = checkpoint.config();
        return new ModelInfo(
                checkpoint.architecture(),
                checkpoint
                        .metadata()
                        .text("general.name", String.valueOf(checkpoint.path().getFileName())),
                Math.toIntExact(embeddingTable.shape().dim(0)),
                config.size("hidden_size"),
                config.size("max_position_embeddings", defaultContextLength));
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
