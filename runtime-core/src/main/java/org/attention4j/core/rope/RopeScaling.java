package org.attention4j.core.rope;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A rule that gives the inverse frequencies θᵢ of the pairs i = 0 … d/2 − 1 of d = rotaryDim entries. In the formulas,
 * {@code s} is the factor by which the context grows and {@code L} the context's length in the original training.
 */
public sealed interface RopeScaling permits RopeScaling.Fixed, RopeScaling.ByLength {
    /** What cos and sin are multiplied by; so products of queries and keys grow by its square. */
    default double attentionFactor() {
        return 1;
    }

    /**
     * Checks that the rule works for this many rotated entries.
     *
     * @throws IllegalArgumentException if not, saying why
     */
    default void validate(int rotaryDim) {}

    /** A rule whose frequencies are always the same. */
    sealed interface Fixed extends RopeScaling permits Default, Linear, Ntk, Divided, Yarn, Llama3 {
        /** The inverse frequencies: rotaryDim/2 of them, in radians per position. */
        double[] inverseFrequencies(double theta, int rotaryDim);
    }

    /** A rule whose frequencies depend on the length of the sequence so far: its largest position plus 1. */
    sealed interface ByLength extends RopeScaling permits DynamicNtk, LongRope {
        /** The inverse frequencies: rotaryDim/2 of them, in radians per position. */
        double[] inverseFrequencies(double theta, int rotaryDim, long length);
    }

    /** {@code θᵢ = theta^(−2i/d)}. */
    record Default() implements Fixed {
        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim) {
            return Frequencies.unscaled(theta, rotaryDim);
        }
    }

    /** Position interpolation: {@code θᵢ / s} (Chen et al. 2023, arXiv:2306.15595, eq. 4). */
    record Linear(double factor) implements Fixed {
        public Linear {
            Frequencies.requirePositive("linear", "factor", factor);
        }

        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim) {
            return Frequencies.map(theta, rotaryDim, (i, freq) -> freq / factor);
        }
    }

    /** NTK-aware: theta becomes {@code theta·s^(d/(d−2))} (Peng et al. 2023, arXiv:2309.00071, section 3.1, eq. 16). */
    record Ntk(double factor) implements Fixed {
        public Ntk {
            Frequencies.requirePositive("ntk", "factor", factor);
        }

        @Override
        public void validate(int rotaryDim) {
            Frequencies.requireTwoPairs("ntk", rotaryDim);
        }

        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim) {
            return Frequencies.ntk(theta, rotaryDim, factor);
        }
    }

    /**
     * Dynamic NTK: {@link Ntk} with {@code s·l/L − (s − 1)} for its factor while the sequence's length l exceeds L, else none
     * (same paper, section 3.3, as Hugging Face generalises it to s ≠ 1).
     */
    record DynamicNtk(double factor, long originalMaxPositions) implements ByLength {
        public DynamicNtk {
            Frequencies.requirePositive("dynamic", "factor", factor);
            Frequencies.requirePositive("dynamic", "originalMaxPositions", originalMaxPositions);
        }

        @Override
        public void validate(int rotaryDim) {
            Frequencies.requireTwoPairs("dynamic", rotaryDim);
        }

        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim, long length) {
            double excess = (double) Math.max(length, originalMaxPositions) / originalMaxPositions - 1;
            return Frequencies.ntk(theta, rotaryDim, 1 + factor * excess);
        }
    }

    /** {@code θᵢ} divided by a number for each pair, as GGUF files store the result of {@link Llama3}. */
    record Divided(List<Double> divisors) implements Fixed {
        public Divided {
            divisors = ImmutableList.copyOf(divisors);
            divisors.forEach(d -> Frequencies.requirePositive("divided", "divisors", d));
        }

        @Override
        public void validate(int rotaryDim) {
            Frequencies.requireOnePerPair("divided", "divisors", divisors.size(), rotaryDim);
        }

        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim) {
            return Frequencies.map(theta, rotaryDim, (i, freq) -> freq / divisors.get(i));
        }
    }

    /**
     * Llama 3.1: pairs that turn less than {@code lowFreqFactor} times in L positions are interpolated ({@code θᵢ/s}), those
     * that turn more than {@code highFreqFactor} times are kept, those between are blended linearly in the number of turns.
     */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, long originalMaxPositions)
            implements Fixed {
        public Llama3 {
            Frequencies.requirePositive("llama3", "factor", factor);
            Frequencies.requirePositive("llama3", "originalMaxPositions", originalMaxPositions);
            if (!(lowFreqFactor < highFreqFactor)) {
                throw new IllegalArgumentException(
                        "rope llama3: highFreqFactor is %s, expected more than lowFreqFactor %s"
                                .formatted(highFreqFactor, lowFreqFactor));
            }
        }

        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim) {
            return Frequencies.map(theta, rotaryDim, (i, freq) -> {
                double turns = originalMaxPositions * freq / (2 * Math.PI);
                double kept = Math.clamp((turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor), 0, 1);
                return kept * freq + (1 - kept) * freq / factor;
            });
        }
    }

    /**
     * LongRoPE: {@code θᵢ} divided by a searched number for each pair, another one while the sequence is longer than L (Ding et
     * al. 2024, arXiv:2402.13753, eq. 3; Phi-3).
     *
     * @param attentionFactor see {@link #defaultAttentionFactor}
     */
    record LongRope(
            List<Double> shortFactors, List<Double> longFactors, long originalMaxPositions, double attentionFactor)
            implements ByLength {
        public LongRope {
            shortFactors = ImmutableList.copyOf(shortFactors);
            longFactors = ImmutableList.copyOf(longFactors);
            shortFactors.forEach(f -> Frequencies.requirePositive("longrope", "shortFactors", f));
            longFactors.forEach(f -> Frequencies.requirePositive("longrope", "longFactors", f));
            Frequencies.requirePositive("longrope", "originalMaxPositions", originalMaxPositions);
            Frequencies.requirePositive("longrope", "attentionFactor", attentionFactor);
        }

        /** What a model means that gives only s: {@code √(1 + ln s / ln L)}, and 1 where s ≤ 1. */
        public static double defaultAttentionFactor(double factor, long originalMaxPositions) {
            return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log((double) originalMaxPositions));
        }

        @Override
        public void validate(int rotaryDim) {
            Frequencies.requireOnePerPair("longrope", "shortFactors", shortFactors.size(), rotaryDim);
            Frequencies.requireOnePerPair("longrope", "longFactors", longFactors.size(), rotaryDim);
        }

        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim, long length) {
            List<Double> factors = length > originalMaxPositions ? longFactors : shortFactors;
            return Frequencies.map(theta, rotaryDim, (i, freq) -> freq / factors.get(i));
        }
    }

    /**
     * YaRN, "NTK by parts" (Peng et al. 2023, arXiv:2309.00071, eq. 17–23): pairs that turn more than {@code betaFast} times
     * in L positions are kept, those that turn less than {@code betaSlow} times are interpolated ({@code θᵢ/s}), those between
     * are blended linearly in i.
     *
     * @param truncate whether the two bounds are rounded outwards to whole pairs (gpt-oss does not)
     * @param attentionFactor see {@link #defaultAttentionFactor}
     */
    record Yarn(
            double factor,
            long originalMaxPositions,
            double betaFast,
            double betaSlow,
            boolean truncate,
            double attentionFactor)
            implements Fixed {
        public Yarn {
            Frequencies.requirePositive("yarn", "factor", factor);
            Frequencies.requirePositive("yarn", "originalMaxPositions", originalMaxPositions);
            Frequencies.requirePositive("yarn", "betaFast", betaFast);
            Frequencies.requirePositive("yarn", "betaSlow", betaSlow);
            Frequencies.requirePositive("yarn", "attentionFactor", attentionFactor);
        }

        /** The same with another attention factor. */
        public Yarn withAttentionFactor(double value) {
            return new Yarn(factor, originalMaxPositions, betaFast, betaSlow, truncate, value);
        }

        /** The same with ramps that begin and end between two frequencies, as gpt-oss has them. */
        public Yarn withoutTruncation() {
            return new Yarn(factor, originalMaxPositions, betaFast, betaSlow, false, attentionFactor);
        }

        /** What a model means that gives only s: {@code 0.1·ln s + 1} (eq. 22), and 1 where s ≤ 1. */
        public static double defaultAttentionFactor(double factor) {
            return mscale(factor, 1);
        }

        /** What DeepSeek's models mean: the quotient of two such factors with {@code mscale} in place of 1. */
        public static double defaultAttentionFactor(double factor, double mscale, double mscaleAllDim) {
            return mscale(factor, mscale) / mscale(factor, mscaleAllDim);
        }

        /** {@code 0.1·mscale·ln s + 1}, and 1 where s ≤ 1: by what DeepSeek's models enlarge queries and keys. */
        public static double mscale(double factor, double mscale) {
            return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
        }

        @Override
        public double[] inverseFrequencies(double theta, int rotaryDim) {
            double low = pairThatTurns(betaFast, theta, rotaryDim);
            double high = pairThatTurns(betaSlow, theta, rotaryDim);
            double first = Math.max(truncate ? Math.floor(low) : low, 0);
            double last = Math.min(truncate ? Math.ceil(high) : high, rotaryDim - 1);
            // Equal bounds mean a step, not a division by zero.
            double width = first == last ? 1e-3 : last - first;
            return Frequencies.map(theta, rotaryDim, (i, freq) -> {
                double interpolated = Math.clamp((i - first) / width, 0, 1);
                return interpolated * freq / factor + (1 - interpolated) * freq;
            });
        }

        /** The pair i, not rounded, that turns this many times in L positions. */
        private double pairThatTurns(double turns, double theta, int rotaryDim) {
            return rotaryDim * Math.log(originalMaxPositions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }
}
