package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.tokenizer.TokenizerSamples.tokenizer;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.unigram;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;

class UnigramTokenizerTest {
    private static final String[] PIECES = {"▁", "a", "b", "▁a", "ab", "▁ab", "é"};
    private static final double[] SCORES = {-3, -4, -4, -5, -6, -20, -4};

    private static List<String> pieces(Tokenizer tokenizer, String text, EncodeOptions options) {
        return Arrays.stream(tokenizer.encode(text, options))
                .mapToObj(tokenizer::tokenText)
                .toList();
    }

    @Test
    void takesTheWayWithTheHighestSum() {
        Tokenizer tokenizer = tokenizer(unigram(PIECES, SCORES));
        assertEquals(List.of("▁", "ab"), pieces(tokenizer, "ab", EncodeOptions.TEXT));
        assertEquals(List.of("▁a", "a", "▁", "ab"), pieces(tokenizer, "aa ab", EncodeOptions.TEXT));
        assertEquals(List.of(), pieces(tokenizer, "", EncodeOptions.TEXT));
    }

    @Test
    void ofTwoEqualWaysTheOneFoundFirstCounts() {
        Tokenizer tokenizer = tokenizer(unigram(new String[] {"▁", "a", "aa"}, new double[] {-1, -1, -2}));
        assertEquals(List.of("▁", "aa"), pieces(tokenizer, "aa", EncodeOptions.TEXT));
    }

    @Test
    void unknownCharactersAreOneTokenForARun() {
        Tokenizer tokenizer = tokenizer(unigram(PIECES, SCORES));
        assertEquals(List.of("▁a", "<unk>", "b", "<unk>"), pieces(tokenizer, "a中文b😀", EncodeOptions.TEXT));
        Map<String, Object> metadata = unigram(PIECES, SCORES);
        List<Object> types = TokenizerSamples.list(metadata, "token_type");
        types.set(2, 3L);
        metadata.put("token_type", types);
        metadata.put("unknown_token_id", 2L);
        assertEquals("<unk>", tokenizer(metadata).tokenText(tokenizer(metadata).encode("中", false)[1]));
    }

    @Test
    void spacesAreMergedWhereTheModelSaysSo() {
        Map<String, Object> metadata = unigram(PIECES, SCORES);
        assertEquals(List.of("▁a", "▁a"), pieces(tokenizer(metadata), "  a   a ", EncodeOptions.TEXT));
        metadata.put("remove_extra_whitespaces", false);
        assertEquals(
                List.of("▁", "▁", "▁a", "▁", "▁a", "▁"), pieces(tokenizer(metadata), "  a  a ", EncodeOptions.TEXT));
        metadata.put("add_space_prefix", false);
        assertEquals(List.of("a", "▁a"), pieces(tokenizer(metadata), "a a", EncodeOptions.TEXT));
    }

    @Test
    void addsTheEndAndReadsSpecialTokensOnlyWhenTold() {
        Tokenizer tokenizer = tokenizer(unigram(PIECES, SCORES));
        assertEquals(List.of("▁a", "</s>"), pieces(tokenizer, "a", EncodeOptions.PROMPT));
        assertEquals(List.of("▁a", "</s>", "▁", "b"), pieces(tokenizer, "a</s>b", EncodeOptions.TEMPLATE));
        assertEquals(List.of("▁a", "<unk>"), pieces(tokenizer, "a</s>", EncodeOptions.TEXT));
        assertEquals(Set.of(1), tokenizer.endIds());
    }

    @Test
    void rulesReplaceCharactersBeforeTheTextIsCut() {
        Map<String, Object> metadata = unigram(PIECES, SCORES);
        byte[] map = CharsMapTest.map(768, 0, "b\0");
        Long[] unsigned = new Long[map.length];
        Arrays.setAll(unsigned, i -> map[i] & 0xffL);
        metadata.put("precompiled_charsmap", List.of(unsigned));
        assertEquals(List.of("▁", "b", "b"), pieces(tokenizer(metadata), "ab", EncodeOptions.TEXT));
        Long[] signed = new Long[map.length];
        Arrays.setAll(signed, i -> (long) map[i]);
        metadata.put("precompiled_charsmap", List.of(signed));
        assertEquals(List.of("▁", "b", "b"), pieces(tokenizer(metadata), "ab", EncodeOptions.TEXT));
    }

    @Test
    void withoutATokenForACharacterItRefuses() {
        Map<String, Object> metadata =
                Map.of("model", "t5", "tokens", List.of("a"), "scores", List.of(-1.0), "add_eos_token", false);
        Tokenizer tokenizer = tokenizer(metadata);
        assertArrayEquals(new int[] {0, 0}, tokenizer.encode("aa", true));
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("b", false));
    }

    @Test
    void whatTheModelKnowsOfATextComesBack() {
        Tokenizer tokenizer = tokenizer(unigram(PIECES, SCORES));
        Random random = new Random(4);
        for (int round = 0; round < 10_000; round++) {
            int[] ids = tokenizer.encode(TokenizerSamples.randomText(random, 30), true);
            String known = tokenizer.decode(ids);
            assertEquals(known, TokenizerSamples.stream(tokenizer.newDecoder(), ids));
            String again = tokenizer.decode(tokenizer.encode(known, true));
            assertEquals(known.replaceAll(" +", " ").strip(), again);
        }
    }
}
