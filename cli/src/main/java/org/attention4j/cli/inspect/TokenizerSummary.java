package org.attention4j.cli.inspect;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.ModelFormatException;

/**
 * What {@code inspect} tells of a tokenizer.
 *
 * @param kind what kind it is; null if there is none that can be read
 * @param tokens the number of ids
 * @param special how many of them are no text
 * @param ends the ids that end what a model generates
 * @param problem why there is none; else null
 */
public record TokenizerSummary(
        Optional<String> kind, int tokens, int special, List<Integer> ends, Optional<String> problem) {

    /** Describes a tokenizer; a model is described whether its tokenizer can be read or not. */
    static TokenizerSummary of(Supplier<Tokenizer> tokenizer) {
        try {
            return of(tokenizer.get());
        } catch (ModelFormatException e) {
            return new TokenizerSummary(Optional.empty(), 0, 0, List.of(), Optional.ofNullable(e.getMessage()));
        }
    }

    private static TokenizerSummary of(Tokenizer tokenizer) {
        long special = IntStream.range(0, tokenizer.vocabSize())
                .filter(tokenizer::isSpecial)
                .count();
        return new TokenizerSummary(
                Optional.of(tokenizer.kind()),
                tokenizer.vocabSize(),
                (int) special,
                tokenizer.endIds().stream().sorted().toList(),
                Optional.empty());
    }
}
