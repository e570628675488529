package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.attention4j.loaders.tokenizer.TokenMatcher.Match;
import org.junit.jupiter.api.Test;

class TokenMatcherTest {
    private static TokenMatcher matcher(List<String> tokens) {
        Vocabulary vocabulary = new Vocabulary(
                TokenizerSamples.NAME, tokens, Collections.nCopies(tokens.size(), TokenKind.USER_DEFINED));
        return new TokenMatcher(vocabulary, id -> true);
    }

    @Test
    void findsTheLeftmostAndThereTheLongest() {
        TokenMatcher matcher = matcher(List.of("<a>", "<a><b>", "b>c", "<"));
        assertEquals(Optional.of(new Match(1, 1, 7)), matcher.find("x<a><b>c", 0));
        assertEquals(Optional.of(new Match(0, 1, 4)), matcher.find("x<a><c>", 0));
        assertEquals(Optional.of(new Match(3, 4, 5)), matcher.find("x<a><c>", 4));
        assertEquals(Optional.empty(), matcher.find("x<a>", 2));
    }

    @Test
    void withoutTokensFindsNothing() {
        TokenMatcher matcher = new TokenMatcher(
                new Vocabulary(TokenizerSamples.NAME, List.of("a"), List.of(TokenKind.NORMAL)), id -> false);
        assertEquals(Optional.empty(), matcher.find("a", 0));
    }

    @Test
    void agreesWithTryingEveryTokenEverywhere() {
        Random random = new Random(2);
        for (int round = 0; round < 2000; round++) {
            List<String> tokens = new ArrayList<>();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                String token = letters(random, 1 + random.nextInt(4));
                if (!tokens.contains(token)) {
                    tokens.add(token);
                }
            }
            String text = letters(random, random.nextInt(10));
            assertEquals(tryAll(tokens, text), matcher(tokens).find(text, 0), () -> text + " " + tokens);
        }
    }

    private static Optional<Match> tryAll(List<String> tokens, String text) {
        for (int start = 0; start < text.length(); start++) {
            int best = -1;
            for (int id = 0; id < tokens.size(); id++) {
                boolean longer =
                        best < 0 || tokens.get(id).length() > tokens.get(best).length();
                if (longer && text.startsWith(tokens.get(id), start)) {
                    best = id;
                }
            }
            if (best >= 0) {
                return Optional.of(
                        new Match(best, start, start + tokens.get(best).length()));
            }
        }
        return Optional.empty();
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abc".charAt(random.nextInt(3)));
        }
        return text.toString();
    }
}
