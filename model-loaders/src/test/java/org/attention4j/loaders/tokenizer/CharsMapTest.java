package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.BadInput.assertReadOrRefused;
import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Base64;
import java.util.Random;
import org.attention4j.loaders.io.LittleEndianBuffer;
import org.junit.jupiter.api.Test;

class CharsMapTest {
    private static final int HAS_LEAF = 1 << 8;
    private static final int OFFSET = 10;

    private static CharsMap read(byte[] map) {
        return CharsMap.of(new JsonView(
                TokenizerSamples.NAME,
                "normalizer.charsmap",
                Base64.getEncoder().encodeToString(map)));
    }

    private static void check(byte[] map) {
        read(map);
    }

    /** A trie with the one key {@code a}, whose node is the second block of units and whose replacement starts at {@code start}. */
    static byte[] map(int units, int start, String replacements) {
        int[] trie = new int[units];
        trie[0] = 256 << OFFSET;
        trie[256 ^ 'a'] = 'a' | HAS_LEAF | (256 ^ 'a' ^ 512) << OFFSET;
        trie[512] = start;
        LittleEndianBuffer out = new LittleEndianBuffer().i32(4 * units);
        for (int unit : trie) {
            out.i32(unit);
        }
        return out.bytes(replacements.getBytes(UTF_8)).toByteArray();
    }

    @Test
    void admitsAWellFormedMap() {
        assertDoesNotThrow(() -> check(map(768, 0, "b\0")));
        assertDoesNotThrow(() -> check(map(768, 3, "é\0b\0")));
    }

    @Test
    void refusesTriesThatLeadOutside() {
        assertRefused(() -> check(map(600, 0, "b\0")), "'normalizer.charsmap'", "outside its 600 units");
        byte[] far = map(768, 0, "b\0");
        far[7] = 0x7f;
        assertRefused(() -> check(far), "outside its 768 units");
    }

    @Test
    void refusesReplacementsOutsideOrWithinACharacter() {
        assertRefused(() -> check(map(768, 9, "b\0")), "replacement at byte 9 of 2");
        assertRefused(() -> check(map(768, 1, "é\0")), "replacement at byte 1 of 3");
        byte[] broken = map(768, 0, "b\0");
        broken[broken.length - 1] = (byte) 0xff;
        assertRefused(() -> check(broken), "UTF-8");
    }

    @Test
    void findsRulesAtAPlace() {
        CharsMap map = read(map(768, 3, "é\0bc\0"));
        assertEquals(new CharsMap.Match(1, 3, 5), map.find("xa".getBytes(UTF_8), 1));
        assertEquals('c', map.replacement(4));
        assertEquals(CharsMap.Match.NONE, map.find("xa".getBytes(UTF_8), 0));
        assertEquals(CharsMap.Match.NONE, map.find("xa".getBytes(UTF_8), 2));
    }

    @Test
    void refusesReplacementsThatWouldBlowUpAText() {
        assertRefused(() -> check(map(768, 0, "b".repeat(129) + "\0")), "more than 128 bytes");
    }

    @Test
    void aTrieThatLeadsInACircleEnds() {
        byte[] circle = map(768, 0, "b\0");
        // The node of 'a' is its own child.
        int unit = 'a' | 1 << 8 | 'a' << 10;
        int at = 4 + 4 * (256 ^ 'a');
        for (int i = 0; i < 4; i++) {
            circle[at + i] = (byte) (unit >> (8 * i));
        }
        CharsMap map = read(circle);
        assertEquals(128, map.find("a".repeat(1000).getBytes(UTF_8), 0).length());
    }

    @Test
    void refusesWhatIsNoMap() {
        assertRefused(() -> check(new byte[0]), "a trie of -1 bytes");
        assertRefused(() -> check(new byte[] {8, 0, 0, 0, 1, 1, 1, 1}), "a trie of 8 bytes, but has 4");
        assertRefused(() -> CharsMap.of(new JsonView(TokenizerSamples.NAME, "x", "no base64!")), "Base64");
    }

    @Test
    void brokenBitsAreReadOrRefused() {
        Random random = new Random(8);
        byte[] valid = map(768, 0, "bc\0");
        for (int round = 0; round < 2000; round++) {
            byte[] mutated = valid.clone();
            mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
            assertReadOrRefused(() -> check(mutated));
        }
    }
}
