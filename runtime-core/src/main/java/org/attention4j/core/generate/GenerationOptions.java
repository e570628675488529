package org.attention4j.core.generate;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a prompt is continued.
 *
 * @param maxTokens the most tokens to generate
 * @param stopStrings text before which generation ends
 * @param stopTokens ids before which generation ends, besides the tokenizer's end tokens
 * @param ignoreEndTokens whether generation goes on after the tokenizer's end tokens
 * @param deadline the time that prefill and decoding may take together, checked between steps
 * @param sampling how each token is chosen
 */
public record GenerationOptions(
        int maxTokens,
        List<String> stopStrings,
        Set<Integer> stopTokens,
        boolean ignoreEndTokens,
        Optional<Duration> deadline,
        SamplingOptions sampling) {
    /** Up to 256 of the most probable tokens. */
    public static final GenerationOptions DEFAULT =
            new GenerationOptions(256, List.of(), Set.of(), false, Optional.empty(), SamplingOptions.GREEDY);

    public GenerationOptions {
        stopStrings = ImmutableList.copyOf(stopStrings);
        stopTokens = ImmutableSet.copyOf(stopTokens);
        if (maxTokens < 0) {
            throw new IllegalArgumentException("max tokens: got %d, expected at least 0".formatted(maxTokens));
        }
        if (stopStrings.contains("")) {
            throw new IllegalArgumentException("stop: a stop string is empty, expected at least one character");
        }
        if (deadline.isPresent() && !deadline.get().isPositive()) {
            throw new IllegalArgumentException("deadline: got %s, expected a positive time".formatted(deadline.get()));
        }
    }

    /** The same with at most this many tokens. */
    public GenerationOptions withMaxTokens(int value) {
        return new GenerationOptions(value, stopStrings, stopTokens, ignoreEndTokens, deadline, sampling);
    }

    /** The same with these stop strings. */
    public GenerationOptions withStopStrings(String... values) {
        return new GenerationOptions(
                maxTokens, ImmutableList.copyOf(values), stopTokens, ignoreEndTokens, deadline, sampling);
    }

    /** The same with these stop tokens. */
    public GenerationOptions withStopTokens(Set<Integer> values) {
        return new GenerationOptions(maxTokens, stopStrings, values, ignoreEndTokens, deadline, sampling);
    }

    /** The same, going on after the tokenizer's end tokens or not. */
    public GenerationOptions withIgnoreEndTokens(boolean value) {
        return new GenerationOptions(maxTokens, stopStrings, stopTokens, value, deadline, sampling);
    }

    /** The same with this deadline. */
    public GenerationOptions withDeadline(Duration value) {
        return new GenerationOptions(maxTokens, stopStrings, stopTokens, ignoreEndTokens, Optional.of(value), sampling);
    }

    /** The same with this sampling. */
    public GenerationOptions withSampling(SamplingOptions value) {
        return new GenerationOptions(maxTokens, stopStrings, stopTokens, ignoreEndTokens, deadline, value);
    }
}
