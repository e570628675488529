package org.attention4j.core.generate;

import java.util.OptionalLong;

/**
 * How a token is chosen from logits. The steps come in this order: repetition penalty, temperature, top-k, top-p, min-p, and
 * a draw from what is left. Each works on the probabilities that the step before left, renormalised.
 *
 * @param temperature divides the logits; 0 takes the most probable token and leaves out the steps after it
 * @param topK keep this many of the most probable tokens; 0: all
 * @param topP keep the fewest most probable tokens whose probabilities add up to this; 1: all (Holtzman et al. 2020, "The
 *     Curious Case of Neural Text Degeneration")
 * @param minP keep tokens whose probability is at least this part of the highest; 0: all (Nguyen et al. 2024, "Turning Up the
 *     Heat")
 * @param repetitionPenalty divides positive logits of recent tokens and multiplies negative ones; 1: none (Keskar et al. 2019,
 *     "CTRL", section 4.1)
 * @param repetitionWindow how many of the last tokens, the prompt's included, are recent
 * @param seed equal seeds draw equal tokens from equal logits; absent: another seed every time
 */
public record SamplingOptions(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        int repetitionWindow,
        OptionalLong seed) {
    /** The most probable token, always. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, 64, OptionalLong.empty());

    public SamplingOptions {
        require(
                temperature >= 0 && temperature <= Float.MAX_VALUE,
                "temperature",
                temperature,
                "a finite number from 0 on");
        require(topK >= 0, "top-k", topK, "at least 0");
        require(topP > 0 && topP <= 1, "top-p", topP, "more than 0 and at most 1");
        require(minP >= 0 && minP <= 1, "min-p", minP, "0 to 1");
        require(
                repetitionPenalty > 0 && repetitionPenalty <= Float.MAX_VALUE,
                "repetition penalty",
                repetitionPenalty,
                "a finite number more than 0");
        require(repetitionWindow >= 1, "repetition window", repetitionWindow, "at least 1");
    }

    private static void require(boolean holds, String what, Number actual, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("%s: got %s, expected %s".formatted(what, actual, expected));
        }
    }

    /** The same with this temperature. */
    public SamplingOptions withTemperature(double value) {
        return new SamplingOptions(value, topK, topP, minP, repetitionPenalty, repetitionWindow, seed);
    }

    /** The same with this top-k. */
    public SamplingOptions withTopK(int value) {
        return new SamplingOptions(temperature, value, topP, minP, repetitionPenalty, repetitionWindow, seed);
    }

    /** The same with this top-p. */
    public SamplingOptions withTopP(double value) {
        return new SamplingOptions(temperature, topK, value, minP, repetitionPenalty, repetitionWindow, seed);
    }

    /** The same with this min-p. */
    public SamplingOptions withMinP(double value) {
        return new SamplingOptions(temperature, topK, topP, value, repetitionPenalty, repetitionWindow, seed);
    }

    /** The same with this repetition penalty for the last {@code window} tokens. */
    public SamplingOptions withRepetitionPenalty(double value, int window) {
        return new SamplingOptions(temperature, topK, topP, minP, value, window, seed);
    }

    /** The same with this seed. */
    public SamplingOptions withSeed(long value) {
        return new SamplingOptions(
                temperature, topK, topP, minP, repetitionPenalty, repetitionWindow, OptionalLong.of(value));
    }
}
