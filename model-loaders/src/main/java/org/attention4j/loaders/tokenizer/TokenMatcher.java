package org.attention4j.loaders.tokenizer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Finds tokens that are matched in raw text before anything else: the leftmost, and there the longest. */
final class TokenMatcher {
    /** A token in a text, from {@code start} to {@code end}. */
    record Match(int id, int start, int end) {}

    private final String[] sorted;
    private final int[] ids;

    TokenMatcher(Vocabulary vocabulary, IntPredicate wanted) {
        this.ids = vocabulary
                .ids()
                .filter(id -> wanted.test(id) && !vocabulary.text(id).isEmpty())
                .boxed()
                .sorted(Comparator.comparing(vocabulary::text))
                .mapToInt(Integer::intValue)
                .toArray();
        this.sorted = Arrays.stream(ids).mapToObj(vocabulary::text).toArray(String[]::new);
    }

    /** The first match at or behind {@code from}. */
    Optional<Match> find(String text, int from) {
        if (sorted.length > 0) {
            for (int start = from; start < text.length(); start++) {
                int index = longestAt(text, start);
                if (index >= 0) {
                    return Optional.of(new Match(ids[index], start, start + sorted[index].length()));
                }
            }
        }
        return Optional.empty();
    }

    /** Narrows the range of tokens that agree with the text, one character at a time. */
    private int longestAt(String text, int start) {
        int longest = -1;
        int low = 0;
        int high = sorted.length;
        for (int depth = 0; start + depth < text.length(); depth++) {
            char c = text.charAt(start + depth);
            low = firstNotBelow(low, high, depth, c);
            high = firstNotBelow(low, high, depth, c + 1);
            if (low == high) {
                break;
            }
            if (sorted[low].length() == depth + 1) {
                longest = low;
            }
        }
        return longest;
    }

    /** The first token of the range whose character at {@code depth} is at least {@code c}; ends of tokens come first. */
    private int firstNotBelow(int low, int high, int depth, int c) {
        while (low < high) {
            int middle = (low + high) >>> 1;
            String token = sorted[middle];
            if (token.length() <= depth || token.charAt(depth) < c) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
