package org.attention4j.cli.inspect;

import java.util.List;
import java.util.Optional;
import org.attention4j.ModelFiles;
import org.attention4j.core.text.TokenizerInfo;
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

    /** Describes a model's tokenizer; a model is described whether its tokenizer can be read or not. */
    static TokenizerSummary of(ModelFiles files) {
        try {
            TokenizerInfo info = files.tokenizerInfo();
            return new TokenizerSummary(
                    Optional.of(info.kind()),
                    info.vocabSize(),
                    info.special(),
                    info.endIds().stream().sorted().toList(),
                    Optional.empty());
        } catch (ModelFormatException e) {
            return new TokenizerSummary(Optional.empty(), 0, 0, List.of(), Optional.ofNullable(e.getMessage()));
        }
    }
}
