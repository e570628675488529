package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.attention4j.core.mixer.linearattention.GatedDeltaNetMixer;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/**
 * Gated DeltaNet (Yang, Kautz, Hatamizadeh 2024, arXiv:2412.06464) as flash-linear-attention stores it: queries, keys and values have
 * projections and convolutions of their own, which become one each.
 */
@AutoService(Architecture.class)
public final class GatedDeltaNet implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("gated_deltanet");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        if (config.flag("allow_neg_eigval", false)) {
            throw config.unsupported("allow_neg_eigval", "false");
        }
        if (!config.flag("use_gate", true)) {
            throw config.unsupported("use_gate", "true");
        }
        GatedDeltaNetMixer.Sizes sizes = sizes(config);
        CheckpointWeights weights = FlaFamily.weights(c);
        CheckpointWeights stored = FlaFamily.weights(c);
        for (int i = 0; i < config.size("num_hidden_layers"); i++) {
            derive(weights, stored, FlaFamily.mixer(i), sizes);
        }
        return FlaFamily.model(c, weights, i -> new GatedDeltaNetMixer(sizes));
    }

    private static GatedDeltaNetMixer.Sizes sizes(Config config) {
        int kernel = FlaFamily.kernel(config, true);
        if (kernel == 0) {
            throw config.unsupported("use_short_conv", "true");
        }
        int heads = config.size("num_heads", 6);
        int valueHeads = config.size("num_v_heads", heads);
        if (valueHeads % heads != 0) {
            throw config.bad("num_v_heads", "a multiple of num_heads " + heads);
        }
        int keyDim = config.size("head_dim", 256);
        return new GatedDeltaNetMixer.Sizes(
                config.size("hidden_size"),
                heads,
                valueHeads,
                keyDim,
                FlaFamily.expanded(config, "expand_v", 2, keyDim),
                kernel,
                FlaFamily.eps(config));
    }

    private static void derive(
            CheckpointWeights weights, CheckpointWeights stored, String mixer, GatedDeltaNetMixer.Sizes sizes) {
        join(weights, mixer + ".qkv_proj.weight", stored, mixer, "_proj.weight");
        join(weights, mixer + ".conv1d.weight", stored, mixer, "_conv1d.weight");
        StateSpaceWeights.rates(weights, stored, mixer, Shape.of(sizes.valueHeads()));
        weights.rename(mixer + ".g_proj", mixer + ".z_proj");
        weights.rename(mixer + ".o_norm", mixer + ".norm");
        weights.rename(mixer + ".o_proj", mixer + ".out_proj");
    }

    private static void join(
            CheckpointWeights weights, String name, CheckpointWeights stored, String mixer, String kind) {
        weights.derive(name, () -> {
            List<Tensor> parts = Stream.of("q", "k", "v")
                    .map(part -> stored.get(mixer + "." + part + kind))
                    .toList();
            return TensorViews.joinRows(name, parts);
        });
    }
}
