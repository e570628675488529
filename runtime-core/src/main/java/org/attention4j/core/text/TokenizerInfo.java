package org.attention4j.core.text;

import com.google.common.collect.ImmutableSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A tokenizer as it looks from outside: what can be told of it without what encoding and decoding need.
 *
 * @param kind what kind of tokenizer it is, in a few words for people
 * @param vocabSize the number of ids
 * @param special how many of them are no text
 * @param endIds the ids that end what a model generates
 */
public record TokenizerInfo(String kind, int vocabSize, int special, Set<Integer> endIds) {
    public TokenizerInfo {
        endIds = ImmutableSet.copyOf(endIds);
    }

    /** What a tokenizer tells of itself. */
    public static TokenizerInfo of(Tokenizer tokenizer) {
        long special = IntStream.range(0, tokenizer.vocabSize())
                .filter(tokenizer::isSpecial)
                .count();
        return new TokenizerInfo(tokenizer.kind(), tokenizer.vocabSize(), (int) special, tokenizer.endIds());
    }

    /**
     * Checks that a model with this many embeddings can read every id. A model may have more: embeddings are often padded.
     *
     * @throws IllegalArgumentException if it has fewer
     */
    public void requireFits(int modelVocabSize) {
        requireFits(vocabSize, modelVocabSize);
    }

    static void requireFits(int vocabSize, int modelVocabSize) {
        if (vocabSize > modelVocabSize) {
            throw new IllegalArgumentException(
                    "tokenizer has %d tokens, but the model has embeddings for %d: they don't belong together"
                            .formatted(vocabSize, modelVocabSize));
        }
    }
}
