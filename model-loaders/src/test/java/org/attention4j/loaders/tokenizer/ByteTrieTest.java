package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteTrieTest {
    private static ByteTrie trie(String... strings) {
        return new ByteTrie(IntStream.range(0, strings.length), id -> strings[id].getBytes(UTF_8));
    }

    private static List<String> prefixes(ByteTrie trie, String text, int from) {
        List<String> found = new ArrayList<>();
        trie.prefixes(text.getBytes(UTF_8), from, (id, end) -> found.add(id + ":" + end));
        return found;
    }

    @Test
    void findsAllPrefixesTheShortestFirst() {
        ByteTrie trie = trie("abc", "b", "a", "ab", "é", "");
        assertEquals(List.of("2:1", "3:2", "0:3"), prefixes(trie, "abcd", 0));
        assertEquals(List.of("2:1", "3:2"), prefixes(trie, "ab", 0));
        assertEquals(List.of("4:3"), prefixes(trie, "bé", 1));
        assertEquals(List.of(), prefixes(trie, "x", 0));
        assertEquals(List.of(), prefixes(trie, "a", 1));
        assertEquals(List.of(), prefixes(ByteTrie.EMPTY, "a", 0));
    }

    @Test
    void findsWhereTheLongestEnds() {
        ByteTrie trie = trie("a", "aaa");
        assertEquals(1, trie.longest("aab".getBytes(UTF_8), 0));
        assertEquals(4, trie.longest("baaa".getBytes(UTF_8), 1));
        assertEquals(0, trie.longest("b".getBytes(UTF_8), 0));
    }

    @Test
    void agreesWithLookingAtEveryString() {
        Random random = new Random(1);
        String[] strings = random.ints(200, 0, 256)
                .mapToObj(i -> Integer.toString(i, 3))
                .distinct()
                .toArray(String[]::new);
        ByteTrie trie = trie(strings);
        for (int round = 0; round < 500; round++) {
            String text = Integer.toString(random.nextInt(1 << 20), 3);
            List<String> expected = IntStream.rangeClosed(1, text.length())
                    .mapToObj(end -> List.of(strings).indexOf(text.substring(0, end)) + ":" + end)
                    .filter(match -> !match.startsWith("-1"))
                    .toList();
            assertEquals(expected, prefixes(trie, text, 0));
        }
    }
}
