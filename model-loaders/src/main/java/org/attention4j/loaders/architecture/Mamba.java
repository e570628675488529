package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Mamba (Gu, Dao 2023, arXiv:2312.00752): layers of a norm, the selective scan and a residual, nothing else. Falcon Mamba (Zuo
 * et al. 2024, arXiv:2410.05355) normalises the scan's parameters too, without weights.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Mamba implements Architecture, GgufNaming {
    /** A recurrence has no longest context; this is what llama.cpp's converter writes. */
    static final int CONTEXT_LENGTH = 1 << 20;

    /** Falcon Mamba's usual {@code mixer_rms_eps}, which GGUF files leave out. */
    private static final double FALCON_EPS = 1e-6;

    @Override
    public Set<String> names() {
        return Set.of("mamba", "falcon_mamba");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("layer_norm_epsilon");
        MambaConfig sizes = sizes(c);
        MambaMixer mixer = new MambaMixer(sizes);
        CheckpointWeights weights = new CheckpointWeights(c, "");
        CheckpointWeights stored = new CheckpointWeights(c, "");
        int numLayers = config.size("num_hidden_layers");
        Shape a = Shape.of(sizes.innerSize(), sizes.stateSize());
        for (int i = 0; i < numLayers; i++) {
            String layer = "backbone.layers." + i + ".mixer";
            StateSpaceWeights.derive(weights, stored, layer, a, sizes.innerSize(), sizes.kernel());
        }
        return model(
                c,
                weights,
                eps,
                IntStream.range(0, numLayers)
                        .mapToObj(i -> new DecoderLayer(
                                "backbone.layers." + i,
                                mixer,
                                (m, x) -> m.add(x, m.mix("mixer", m.rmsNorm("norm", x, eps)))))
                        .toList());
    }

    /** Layers between Mamba's embedding and head. */
    static DecoderModel model(Checkpoint c, CheckpointWeights weights, double eps, List<DecoderLayer> layers) {
        String embedding = weights.has("backbone.embedding.weight") ? "backbone.embedding" : "backbone.embeddings";
        return new DecoderModel(
                Configs.info(c, weights.get(embedding + ".weight"), CONTEXT_LENGTH),
                weights,
                (m, tokens) -> m.embedding(embedding, tokens),
                layers,
                (m, x) -> head(m, m.rmsNorm("backbone.norm_f", x, eps), embedding));
    }

    private static Value head(ModelBuilder m, Value x, String embedding) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : embedding, x);
    }

    private static MambaConfig sizes(Checkpoint c) {
        Config config = c.config();
        int hidden = config.size("hidden_size");
        MambaConfig sizes = MambaConfig.of(
                hidden,
                config.size("intermediate_size", hidden * config.size("expand", 2)),
                config.size("state_size", 16),
                config.size("conv_kernel", 4),
                timeStepRank(config, "time_step_rank", hidden));
        boolean normalised = c.architecture().equals("falcon_mamba") || config.flag("dt_b_c_rms", false);
        double normEps = config.number("mixer_rms_eps", FALCON_EPS);
        return normalised ? sizes.withNorms(normEps, false) : sizes;
    }

    /** {@code auto} is a sixteenth of the hidden size, rounded up. */
    static int timeStepRank(Config config, String key, int hidden) {
        int usual = Math.ceilDiv(hidden, 16);
        return config.find(key).filter("auto"::equals).isPresent() ? usual : config.size(key, usual);
    }

    @Override
    public Set<String> architectures() {
        return Set.of("mamba", "mamba2");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of(
                "layer_norm_epsilon", "attention.layer_norm_rms_epsilon",
                "intermediate_size", "ssm.inner_size",
                "conv_kernel", "ssm.conv_kernel",
                "state_size", "ssm.state_size",
                "time_step_rank", "ssm.time_step_rank",
                "n_groups", "ssm.group_count",
                "dt_b_c_rms", "ssm.dt_b_c_rms");
    }

    @Override
    public Map<String, String> tensors() {
        String mixer = "backbone.layers.{layer}.mixer.";
        return Map.ofEntries(
                Map.entry("backbone.embeddings", "token_embd"),
                Map.entry("backbone.norm_f", "output_norm"),
                Map.entry("backbone.layers.{layer}.norm", "blk.{layer}.attn_norm"),
                Map.entry(mixer + "in_proj", "blk.{layer}.ssm_in"),
                Map.entry(mixer + "conv1d", "blk.{layer}.ssm_conv1d"),
                Map.entry(mixer + "x_proj", "blk.{layer}.ssm_x"),
                Map.entry(mixer + "dt_proj", "blk.{layer}.ssm_dt"),
                Map.entry(mixer + "dt_bias", "blk.{layer}.ssm_dt.bias"),
                Map.entry(mixer + "A", "blk.{layer}.ssm_a"),
                Map.entry(mixer + "D", "blk.{layer}.ssm_d"),
                Map.entry(mixer + "norm", "blk.{layer}.ssm_norm"),
                Map.entry(mixer + "out_proj", "blk.{layer}.ssm_out"));
    }
}
