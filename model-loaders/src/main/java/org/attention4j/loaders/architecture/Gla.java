package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.attention4j.core.mixer.linearattention.Forgetting;
import org.attention4j.core.mixer.linearattention.LinearAttentionConfig;
import org.attention4j.core.mixer.linearattention.LinearAttentionMixer;
import org.attention4j.core.mixer.linearattention.OutputNorm;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/**
 * GLA (Yang et al. 2023, arXiv:2312.06635) as flash-linear-attention stores it, with or without short convolutions. Keys, values and
 * forget gates that several heads share are repeated for each.
 */
@AutoService(Architecture.class)
public final class Gla implements Architecture {
    private static final double TEMPERATURE = 16;

    @Override
    public Set<String> names() {
        return Set.of("gla");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        for (String key : List.of("feature_map", "clamp_min")) {
            if (config.has(key)) {
                throw config.unsupported(key, "null");
            }
        }
        CheckpointWeights weights = FlaFamily.weights(c);
        CheckpointWeights stored = FlaFamily.weights(c);
        LinearAttentionConfig layer = config(config, rank(stored));
        int heads = layer.numHeads();
        int shared = config.size("num_kv_heads", heads);
        if (heads % shared != 0) {
            throw config.bad("num_kv_heads", "a divisor of num_heads " + heads);
        }
        for (int i = 0; i < config.size("num_hidden_layers"); i++) {
            String mixer = FlaFamily.mixer(i);
            weights.rename(mixer + ".g_norm_swish_gate", mixer + ".norm");
            weights.rename(mixer + ".g_norm", mixer + ".norm");
            if (shared < heads) {
                for (String name : List.of("k_proj.weight", "k_conv1d.weight", "gk_proj.1.weight", "gk_proj.1.bias")) {
                    repeat(weights, stored, mixer + "." + name, heads, heads / shared, layer.keyDim());
                }
                for (String name : List.of("v_proj.weight", "v_conv1d.weight")) {
                    repeat(weights, stored, mixer + "." + name, heads, heads / shared, layer.valueDim());
                }
            }
        }
        return FlaFamily.model(c, weights, i -> new LinearAttentionMixer(layer));
    }

    /** Of the forget gate; the configuration does not have it. */
    private static int rank(CheckpointWeights stored) {
        Tensor down = stored.get(FlaFamily.mixer(0) + ".gk_proj.0.weight");
        return Math.toIntExact(down.shape().dim(0));
    }

    private static LinearAttentionConfig config(Config config, int rank) {
        int hidden = config.size("hidden_size");
        int heads = config.size("num_heads", 4);
        return new LinearAttentionConfig(
                "gla",
                hidden,
                heads,
                perHead(config, "expand_k", 0.5, hidden, heads),
                perHead(config, "expand_v", 1, hidden, heads),
                new Forgetting.LowRank(rank, TEMPERATURE),
                false,
                FlaFamily.kernel(config, false),
                Optional.empty(),
                OutputNorm.HEAD_RMS,
                FlaFamily.eps(config),
                config.flag("use_output_gate", true));
    }

    private static int perHead(Config config, String key, double fallback, int hidden, int heads) {
        int all = FlaFamily.expanded(config, key, fallback, hidden);
        if (all % heads != 0) {
            throw config.bad("num_heads", "a divisor of the %d entries that %s makes".formatted(all, key));
        }
        return all / heads;
    }

    /** Each group of {@code dim} rows, as often as heads share it. */
    private static void repeat(
            CheckpointWeights weights, CheckpointWeights stored, String name, int heads, int sharing, long dim) {
        if (stored.has(name)) {
            long[] rows = LongStream.range(0, heads)
                    .flatMap(h -> LongStream.range(h / sharing * dim, (h / sharing + 1) * dim))
                    .toArray();
            weights.derive(name, () -> TensorViews.pickRows(stored.get(name), rows));
        }
    }
}
