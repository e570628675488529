package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.tokenizer.TokenizerSamples.tokenizer;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A megabyte of one character is encoded in seconds, whatever the vocabulary: nothing is quadratic. */
class LongTextTest {
    private static final int LENGTH = 1 << 20;

    static Stream<Map<String, Object>> vocabularies() {
        return Stream.of(
                TokenizerSamples.sentencePiece("▁", "a", "aa", "aaaa", "aaaaaaaa"),
                TokenizerSamples.bytePairs("gpt-2", "a a", "aa aa", "aaaa aaaa"),
                TokenizerSamples.wordPieces("▁a", "a", "aaaa"),
                TokenizerSamples.unigram(new String[] {"▁", "a", "aa", "aaaaaaaa"}, new double[] {-3, -2, -3, -9}),
                Map.of(
                        "model",
                        "rwkv",
                        "tokens",
                        List.of("a", "aa", "aaaaaaaa", " ", "\\n", "\\xc3", "\\xa9", "\\x01")));
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void isEncodedInSeconds(Map<String, Object> metadata) {
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            for (String character : List.of("a", " ", "\n", "é")) {
                String text = character.repeat(LENGTH);
                assertTimeoutPreemptively(Duration.ofSeconds(60), () -> tokenizer.encode(text, true), character);
            }
        }
    }
}
