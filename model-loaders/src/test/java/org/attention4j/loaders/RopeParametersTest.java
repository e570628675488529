package org.attention4j.loaders;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RopeParametersTest {
    private static final Path FILE = Path.of("config.json");

    /** A checkpoint of a configuration and perhaps one tensor. */
    private record Stored(Map<String, Object> values, Map<String, Tensor> weights) implements Checkpoint {
        @Override
        public String format() {
            return "test";
        }

        @Override
        public Path path() {
            return FILE;
        }

        @Override
        public String architecture() {
            return "llama";
        }

        @Override
        public WeightLayout layout() {
            return WeightLayout.TRANSFORMERS;
        }

        @Override
        public Config config() {
            return Config.of(FILE, values);
        }

        @Override
        public Config metadata() {
            return Config.of(FILE, Map.of());
        }

        @Override
        public List<TensorInfo> tensors() {
            return List.of();
        }

        @Override
        public boolean hasTensor(String name) {
            return weights.containsKey(name);
        }

        @Override
        public Tensor tensor(String name) {
            Tensor tensor = weights.get(name);
            if (tensor == null) {
                throw new ModelFormatException(FILE, "no tensor " + name);
            }
            return tensor;
        }

        @Override
        public void close() {}
    }

    private static Config config(Object... keysAndValues) {
        return Config.of(FILE, values(keysAndValues));
    }

    private static Map<String, Object> values(Object... keysAndValues) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return values;
    }

    private static RopeScaling scaling(Object... keysAndValues) {
        Config config = config(keysAndValues);
        return RopeParameters.scaling(config, config);
    }

    private static RopeConfig read(Object... keysAndValues) {
        return RopeParameters.read(new Stored(values(keysAndValues), Map.of()), 16, RopeStyle.HALF);
    }

    @Test
    void nothingSaidIsTheDefault() {
        assertEquals(new RopeConfig(10_000, 16, RopeStyle.HALF, new RopeScaling.Default()), read());
    }

    @Test
    void aPartOfTheHeadMayBeRotated() {
        assertEquals(4, read("rope_parameters.partial_rotary_factor", 0.25).rotaryDim());
        assertEquals(8, read("rotary_dim", 8).rotaryDim());
        assertRefused(() -> read("rotary_dim", 32), "config.json: rope: rotaryDim is 32, expected at most headDim 16");
        assertRefused(() -> read("rotary_dim", 7), "rope: rotaryDim is 7, expected a positive even number");
    }

    @Test
    void readsThetaAndTheRule() {
        RopeConfig expected = new RopeConfig(5e5, 16, RopeStyle.HALF, new RopeScaling.Llama3(8, 1, 4, 8192));
        assertEquals(
                expected,
                read(
                        "rope_parameters.rope_theta", 5e5,
                        "rope_parameters.rope_type", "llama3",
                        "rope_parameters.factor", 8,
                        "rope_parameters.low_freq_factor", 1,
                        "rope_parameters.high_freq_factor", 4,
                        "rope_parameters.original_max_position_embeddings", 8192));
    }

    @Test
    void aTensorOfDivisorsIsTheRule() {
        Tensor divisors = Tensor.f32(Shape.of(2), 1, 8);
        Stored stored = new Stored(values("rotary_dim", 4), Map.of("rope_freqs.weight", divisors));
        RopeScaling rule =
                RopeParameters.read(stored, 16, RopeStyle.INTERLEAVED).scaling();
        assertEquals(new RopeScaling.Divided(List.of(1.0, 8.0)), rule);
    }

    @Test
    void twoTensorsOfDivisorsAreLongRope() {
        Map<String, Tensor> divisors = Map.of(
                "rope_factors_short.weight", Tensor.f32(Shape.of(2), 1, 2),
                "rope_factors_long.weight", Tensor.f32(Shape.of(2), 3, 4));
        Map<String, Object> values = values(
                "rotary_dim", 4, "max_position_embeddings", 64, "rope_parameters.original_max_position_embeddings", 16);
        List<Double> shorter = List.of(1.0, 2.0);
        List<Double> longer = List.of(3.0, 4.0);
        assertEquals(
                new RopeScaling.LongRope(shorter, longer, 16, Math.sqrt(1.5)),
                RopeParameters.read(new Stored(values, divisors), 16, RopeStyle.HALF)
                        .scaling());
        values.put("rope_parameters.attn_factor", 1.25);
        assertEquals(
                new RopeScaling.LongRope(shorter, longer, 16, 1.25),
                RopeParameters.read(new Stored(values, divisors), 16, RopeStyle.HALF)
                        .scaling());
    }

    @Test
    void typesOfLayersMayDiffer() {
        Stored stored = new Stored(
                values(
                        "rope_parameters.sliding_attention.rope_type",
                        "ntk",
                        "rope_parameters.sliding_attention.factor",
                        2),
                Map.of());
        assertEquals(
                new RopeConfig(7, 16, RopeStyle.HALF, new RopeScaling.Ntk(2)),
                RopeParameters.ofLayers(stored, "sliding_attention", 7, 16, RopeStyle.HALF));
    }

    @Test
    void readsEveryRule() {
        assertEquals(new RopeScaling.Default(), scaling("rope_type", "none"));
        assertEquals(new RopeScaling.Linear(4), scaling("rope_type", "linear", "factor", 4.0));
        assertEquals(new RopeScaling.Ntk(4), scaling("rope_type", "ntk", "factor", 4.0));
        assertEquals(
                new RopeScaling.DynamicNtk(2, 64),
                scaling("rope_type", "dynamic", "factor", 2.0, "max_position_embeddings", 64));
    }

    @Test
    void yarnFillsInWhatIsNotSaid() {
        assertEquals(
                new RopeScaling.Yarn(4, 32, 32, 1, true, 0.1 * Math.log(4) + 1),
                scaling("rope_type", "yarn", "original_max_position_embeddings", 32, "max_position_embeddings", 128));
        assertEquals(
                new RopeScaling.Yarn(4, 32, 16, 2, false, 1.5),
                scaling(
                        "rope_type", "yarn",
                        "factor", 4,
                        "original_max_position_embeddings", 32,
                        "beta_fast", 16,
                        "beta_slow", 2,
                        "truncate", false,
                        "attention_factor", 1.5));
        RopeScaling deepseek = scaling(
                "rope_type",
                "yarn",
                "factor",
                40,
                "original_max_position_embeddings",
                4096,
                "mscale",
                1.0,
                "mscale_all_dim",
                0.8);
        assertEquals(1.0569663, deepseek.attentionFactor(), 1e-7);
    }

    @Test
    void longRopeFillsInWhatIsNotSaid() {
        List<Double> factors = List.of(1.0, 2.0);
        assertEquals(
                new RopeScaling.LongRope(factors, factors, 32, Math.sqrt(1 + Math.log(4) / Math.log(32))),
                scaling(
                        "rope_type",
                        "su",
                        "short_factor",
                        factors,
                        "long_factor",
                        factors,
                        "original_max_position_embeddings",
                        32,
                        "max_position_embeddings",
                        128));
    }

    @Test
    void refusesWhatItCannotUse() {
        assertRefused(
                () -> scaling("rope_type", "xpos"),
                "config.json: 'rope_type' is 'xpos', expected default, linear, ntk, dynamic, yarn, llama3 or longrope");
        assertRefused(() -> scaling("rope_type", "linear"), "config.json: 'factor' is missing, expected a number");
        assertRefused(
                () -> scaling("rope_type", "linear", "factor", -1),
                "config.json: rope linear: factor is -1.0, expected a positive number");
        assertRefused(
                () -> read(
                        "rope_parameters.rope_type",
                        "longrope",
                        "rope_parameters.short_factor",
                        List.of(1.0),
                        "rope_parameters.long_factor",
                        List.of(1.0),
                        "max_position_embeddings",
                        32),
                "config.json: rope longrope: there are 1 shortFactors, expected rotaryDim/2 = 8");
    }
}
