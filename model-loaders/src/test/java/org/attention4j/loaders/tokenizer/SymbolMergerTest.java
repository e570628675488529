package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SymbolMergerTest {
    private static List<String> merge(String text, Map<String, Integer> ranks) {
        int[] ids = new int[text.length()];
        int[] bounds = new int[text.length() + 1];
        for (int i = 0; i < ids.length; i++) {
            bounds[i + 1] = i + 1;
        }
        SymbolMerger.Rule rule = (left, right, start, end) -> {
            Integer rank = ranks.get(text.substring(start, end));
            return rank == null ? SymbolMerger.NO_TOKEN : SymbolMerger.token(rank, 0);
        };
        List<String> result = new ArrayList<>();
        new SymbolMerger(ids, bounds, rule).merge((id, start, end) -> result.add(text.substring(start, end)));
        return result;
    }

    /** Looks for the best pair anew after every join, as llama2.c does. */
    private static List<String> slowly(String text, Map<String, Integer> ranks) {
        List<String> symbols =
                new ArrayList<>(text.chars().mapToObj(Character::toString).toList());
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                Integer rank = ranks.get(symbols.get(i) + symbols.get(i + 1));
                if (rank != null && rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                return symbols;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }

    @Test
    void joinsTheBestPairFirst() {
        assertEquals(List.of("a", "bc"), merge("abc", Map.of("ab", 1, "bc", 0)));
        assertEquals(List.of("ab", "c"), merge("abc", Map.of("ab", 0, "bc", 1)));
    }

    @Test
    void ofEquallyGoodPairsTheLeftmost() {
        assertEquals(List.of("aa", "a"), merge("aaa", Map.of("aa", 0)));
        assertEquals(List.of("ab", "c"), merge("abc", Map.of("ab", 5, "bc", 5)));
    }

    @Test
    void leavesNothingOfNothing() {
        assertEquals(List.of(), merge("", Map.of("ab", 0)));
    }

    @Test
    void agreesWithTheSlowWayEvenWhenRanksAreEqual() {
        Random random = new Random(11);
        for (int round = 0; round < 3000; round++) {
            Map<String, Integer> ranks = new HashMap<>();
            for (int i = random.nextInt(14); i > 0; i--) {
                ranks.put(letters(random, 2 + random.nextInt(4)), random.nextInt(6) - 3);
            }
            String text = letters(random, random.nextInt(16));
            assertEquals(slowly(text, ranks), merge(text, ranks), () -> text + " " + ranks);
        }
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }
}
