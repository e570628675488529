package org.attention4j.loaders.architecture;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/**
 * The shape that flash-linear-attention gives to models of one recurrence: Llama's blocks with the mixer in place of attention,
 * under names of its own. Its defaults are those of the library's configurations.
 */
final class FlaFamily {
    private static final int CONTEXT_LENGTH = 2048;
    private static final double EPS = 1e-6;

    private FlaFamily() {}

    /** The tensors of the model. */
    static CheckpointWeights weights(Checkpoint checkpoint) {
        return new CheckpointWeights(checkpoint, "model.");
    }

    /** What the parameters of a layer's mixer are called, before the dot. */
    static String mixer(int layer) {
        return "model.layers." + layer + ".attn";
    }

    /** The {@code eps} of all norms. */
    static double eps(Config config) {
        return config.number("norm_eps", EPS);
    }

    /** The taps of the short convolutions; 0 if there are none. */
    static int kernel(Config config, boolean fallback) {
        return config.flag("use_short_conv", fallback) ? config.size("conv_size", 4) : 0;
    }

    /** Entries of {@code factor} times as many; a part of an entry is cut off, as the library does. */
    static int expanded(Config config, String key, double fallback, int entries) {
        double factor = config.number(key, fallback);
        if (!(entries * factor >= 1 && entries * factor <= Integer.MAX_VALUE)) {
            throw config.bad(key, "a factor that makes at least 1 entry of %d".formatted(entries));
        }
        return (int) (entries * factor);
    }

    /** The model, with these weights and the mixer of each layer. */
    static DecoderModel model(Checkpoint checkpoint, CheckpointWeights weights, IntFunction<SequenceMixer> mixer) {
        Config config = checkpoint.config();
        for (String key : List.of("attn", "attnres_block_size")) {
            if (config.has(key)) {
                throw config.unsupported(key, "null: layers that are all alike, with plain residuals");
            }
        }
        Activation activation = Configs.activation(config, Activation.SILU);
        if (activation != Activation.SILU) {
            throw config.unsupported("hidden_act", "swish");
        }
        double eps = eps(config);
        List<DecoderLayer> layers = IntStream.range(0, config.size("num_hidden_layers"))
                .mapToObj(i -> new DecoderLayer("model.layers." + i, mixer.apply(i), (m, x) -> block(m, x, eps)))
                .toList();
        weights.rename("model.embeddings", "model.embed_tokens");
        return new DecoderModel(
                Configs.info(
                        checkpoint,
                        weights.get("model.embeddings.weight"),
                        config.size("max_position_embeddings", CONTEXT_LENGTH)),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, m.rmsNorm("model.norm", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps) {
        Value h = m.add(x, m.mix("attn", m.rmsNorm("attn_norm", x, eps)));
        return m.add(h, LlamaFamily.mlp(Activation.SILU).write(m, m.rmsNorm("mlp_norm", h, eps)));
    }
}
