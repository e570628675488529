package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;

/**
 * Mamba-2 (Dao, Gu 2024, arXiv:2405.21060): Mamba's layers around the state space duality. Its gated norm goes over all channels
 * in transformers, and over each group of heads by itself in GGUF files.
 */
@AutoService(Architecture.class)
public final class Mamba2 implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("mamba2");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("layer_norm_epsilon");
        Mamba2Config sizes = sizes(c);
        Mamba2Mixer mixer = new Mamba2Mixer(sizes);
        CheckpointWeights weights = new CheckpointWeights(c, "");
        CheckpointWeights stored = new CheckpointWeights(c, "");
        int numLayers = config.size("num_hidden_layers");
        for (int i = 0; i < numLayers; i++) {
            derive(weights, stored, "backbone.layers." + i + ".mixer", sizes);
        }
        return Mamba.model(
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

    /** The parameters of a Mamba-2 mixer in its shapes. */
    static void derive(CheckpointWeights weights, CheckpointWeights stored, String mixer, Mamba2Config sizes) {
        Shape heads = Shape.of(sizes.numHeads());
        StateSpaceWeights.derive(weights, stored, mixer, heads, sizes.convSize(), sizes.kernel());
        StateSpaceWeights.shape(weights, stored, mixer + ".norm.weight", Shape.of(sizes.innerSize()));
    }

    private static Mamba2Config sizes(Checkpoint c) {
        Config config = c.config();
        boolean ggml = c.layout() == WeightLayout.GGML;
        int hidden = config.size("hidden_size");
        int inner = ggml ? config.size("intermediate_size") : hidden * config.size("expand", 2);
        int heads = ggml ? config.size("time_step_rank") : config.size("num_heads");
        if (inner % heads != 0) {
            throw config.bad(ggml ? "time_step_rank" : "num_heads", "a divisor of the %d channels".formatted(inner));
        }
        int groups = config.size("n_groups", 1);
        double[] limit = timeStepLimit(config);
        return new Mamba2Config(
                hidden,
                heads,
                inner / heads,
                config.size("state_size"),
                groups,
                config.size("conv_kernel", 4),
                config.number("layer_norm_epsilon"),
                ggml ? groups : 1,
                limit[0],
                limit[1]);
    }

    /** Two numbers, of which the second is usually infinite: a word in JSON, or an object around it. */
    static double[] timeStepLimit(Config config) {
        double[] limit = {0, Double.POSITIVE_INFINITY};
        if (config.find("time_step_limit").orElse(null) instanceof List<?> given && given.size() == 2) {
            for (int i = 0; i < 2; i++) {
                limit[i] = number(config, given.get(i));
            }
        }
        return limit;
    }

    private static double number(Config config, Object value) {
        Object inner = value instanceof Map<?, ?> object && object.get("__float__") instanceof Object o ? o : value;
        return switch (inner) {
            case Number n -> n.doubleValue();
            case String s when s.equals("Infinity") -> Double.POSITIVE_INFINITY;
            default -> throw config.bad("time_step_limit", "two numbers");
        };
    }
}
