package org.attention4j.loaders;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;

/**
 * Reads what a model says about its rotary embedding: {@code rope_theta}, {@code partial_rotary_factor} or {@code rotary_dim},
 * and the scaling rule {@code rope_type} with its parameters, as Hugging Face configurations name and default them.
 */
public final class RopeParameters {
    /** The frequencies' divisors, where a GGUF file holds them in place of the parameters of a Llama 3 rule. */
    private static final String DIVISORS = "rope_freqs.weight";

    /** The same for LongRoPE's two lists. */
    private static final String LONG_DIVISORS = "rope_factors_long.weight";

    private static final String SHORT_DIVISORS = "rope_factors_short.weight";
    private static final String SECTION = "rope_parameters";
    private static final double THETA = 10_000;

    private RopeParameters() {}

    /**
     * The rotary embedding of a model.
     *
     * @param headDim the size of a head, of which a part may be rotated
     * @param style which entries form a pair: the architecture's choice, and the file format's
     * @throws ModelFormatException if a parameter is missing, of a wrong type or out of range
     */
    public static RopeConfig read(Checkpoint checkpoint, int headDim, RopeStyle style) {
        return read(checkpoint, SECTION, THETA, headDim, style);
    }

    /**
     * The rotary embedding of one type of layers, where they differ in it.
     *
     * @param layerType as in {@code layer_types}, for example {@code sliding_attention}
     * @param theta the base if it is not stated
     * @param headDim as in {@link #read(Checkpoint, int, RopeStyle)}
     * @param style as in {@link #read(Checkpoint, int, RopeStyle)}
     * @throws ModelFormatException if a parameter is missing, of a wrong type or out of range
     */
    public static RopeConfig ofLayers(
            Checkpoint checkpoint, String layerType, double theta, int headDim, RopeStyle style) {
        return read(checkpoint, SECTION + "." + layerType, theta, headDim, style);
    }

    private static RopeConfig read(Checkpoint checkpoint, String section, double theta, int headDim, RopeStyle style) {
        Config config = checkpoint.config();
        Config rope = config.section(section);
        int rotaryDim = config.has("rotary_dim")
                ? config.size("rotary_dim")
                : (int) (headDim * rope.number("partial_rotary_factor", 1));
        if (rotaryDim > headDim) {
            throw new ModelFormatException(
                    config.file(), "rope: rotaryDim is %d, expected at most headDim %d".formatted(rotaryDim, headDim));
        }
        try {
            RopeScaling scaling = stored(checkpoint, rope, rotaryDim).orElseGet(() -> rule(rope, config));
            return new RopeConfig(rope.number("rope_theta", theta), rotaryDim, style, scaling);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(config.file(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The rule of which a GGUF file holds the result, if it holds one. */
    private static Optional<RopeScaling> stored(Checkpoint checkpoint, Config rope, int rotaryDim) {
        if (checkpoint.hasTensor(DIVISORS)) {
            return Optional.of(new RopeScaling.Divided(divisors(checkpoint, DIVISORS, rotaryDim)));
        }
        if (!checkpoint.hasTensor(LONG_DIVISORS)) {
            return Optional.empty();
        }
        Config model = checkpoint.config();
        return Optional.of(new RopeScaling.LongRope(
                divisors(checkpoint, SHORT_DIVISORS, rotaryDim),
                divisors(checkpoint, LONG_DIVISORS, rotaryDim),
                originalLength(rope, model),
                rope.number("attn_factor", longRopeAttentionFactor(rope, model))));
    }

    /**
     * A scaling rule.
     *
     * @param rope holds {@code rope_type} and the rule's parameters
     * @param model holds {@code max_position_embeddings}
     * @throws ModelFormatException if a parameter is missing, of a wrong type or out of range
     */
    public static RopeScaling scaling(Config rope, Config model) {
        try {
            return rule(rope, model);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(rope.file(), String.valueOf(e.getMessage()), e);
        }
    }

    private static RopeScaling rule(Config rope, Config model) {
        return switch (rope.text("rope_type", "default")) {
            case "default", "none" -> new RopeScaling.Default();
            case "linear" -> new RopeScaling.Linear(rope.number("factor"));
            case "ntk" -> new RopeScaling.Ntk(rope.number("factor"));
            case "dynamic" -> new RopeScaling.DynamicNtk(rope.number("factor"), originalLength(rope, model));
            case "yarn" -> yarn(rope, model);
            case "llama3" ->
                new RopeScaling.Llama3(
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        rope.size("original_max_position_embeddings"));
            case "longrope", "su" -> longRope(rope, model);
            default -> throw rope.bad("rope_type", "default, linear, ntk, dynamic, yarn, llama3 or longrope");
        };
    }

    private static RopeScaling yarn(Config rope, Config model) {
        double factor = factor(rope, model);
        return new RopeScaling.Yarn(
                factor,
                originalLength(rope, model),
                rope.number("beta_fast", 32),
                rope.number("beta_slow", 1),
                rope.flag("truncate", true),
                rope.number("attention_factor", yarnAttentionFactor(rope, factor)));
    }

    private static double yarnAttentionFactor(Config rope, double factor) {
        double mscale = rope.number("mscale", 0);
        double mscaleAllDim = rope.number("mscale_all_dim", 0);
        return mscale == 0 || mscaleAllDim == 0
                ? RopeScaling.Yarn.defaultAttentionFactor(factor)
                : RopeScaling.Yarn.defaultAttentionFactor(factor, mscale, mscaleAllDim);
    }

    private static RopeScaling longRope(Config rope, Config model) {
        return new RopeScaling.LongRope(
                list(rope.numbers("short_factor")),
                list(rope.numbers("long_factor")),
                originalLength(rope, model),
                rope.number("attention_factor", longRopeAttentionFactor(rope, model)));
    }

    private static double longRopeAttentionFactor(Config rope, Config model) {
        return RopeScaling.LongRope.defaultAttentionFactor(factor(rope, model), originalLength(rope, model));
    }

    /** The context's length in the original training. */
    private static int originalLength(Config rope, Config model) {
        String key = "original_max_position_embeddings";
        return rope.has(key) ? rope.size(key) : model.size("max_position_embeddings");
    }

    /** By how much the context grows: as stated, or as follows from the two lengths. */
    private static double factor(Config rope, Config model) {
        return rope.has("factor")
                ? rope.number("factor")
                : (double) model.size("max_position_embeddings") / originalLength(rope, model);
    }

    private static List<Double> divisors(Checkpoint checkpoint, String name, int rotaryDim) {
        float[] values = checkpoint.tensor(name, rotaryDim / 2).toFloatArray();
        Double[] out = new Double[values.length];
        Arrays.setAll(out, i -> (double) values[i]);
        return List.of(out);
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
