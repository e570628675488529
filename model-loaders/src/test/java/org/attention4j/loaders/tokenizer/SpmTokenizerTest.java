package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.sentencePiece;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.tokenizer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;

class SpmTokenizerTest {
    private static final String[] PIECES = {"▁a", "bc", "ab", "abc", "▁", "a", "b", "c", "é"};

    private static List<String> pieces(Tokenizer tokenizer, String text, EncodeOptions options) {
        return Arrays.stream(tokenizer.encode(text, options))
                .mapToObj(tokenizer::tokenText)
                .toList();
    }

    @Test
    void putsASpaceBeforeTheTextAndJoinsByScore() {
        Tokenizer tokenizer = tokenizer(sentencePiece(PIECES));
        assertEquals(List.of("▁a", "bc"), pieces(tokenizer, "abc", EncodeOptions.TEXT));
        assertEquals(List.of("▁", "bc", "▁a"), pieces(tokenizer, "bc a", EncodeOptions.TEXT));
        assertEquals(List.of(), pieces(tokenizer, "", EncodeOptions.TEXT));
    }

    @Test
    void leavesTheSpaceOutWhereTheModelSaysSo() {
        Map<String, Object> metadata = sentencePiece(PIECES);
        metadata.put("add_space_prefix", false);
        Tokenizer tokenizer = tokenizer(metadata);
        assertEquals(List.of("abc"), pieces(tokenizer, "abc", EncodeOptions.TEXT));
        assertEquals(" abc", tokenizer.decode(tokenizer.encode(" abc", false)));
    }

    @Test
    void addsWhatTheModelWantsAroundAText() {
        Map<String, Object> metadata = sentencePiece(PIECES);
        Tokenizer tokenizer = tokenizer(metadata);
        assertEquals(List.of("<s>", "▁a"), pieces(tokenizer, "a", EncodeOptions.PROMPT));
        assertEquals(OptionalInt.of(1), tokenizer.bosId());
        assertEquals(Set.of(2), tokenizer.endIds());

        metadata.put("add_bos_token", false);
        metadata.put("add_eos_token", true);
        assertEquals(List.of("▁a", "</s>"), pieces(tokenizer(metadata), "a", EncodeOptions.PROMPT));
    }

    @Test
    void readsSpecialTokensOnlyWhenToldAndPutsASpaceBehindThem() {
        Tokenizer tokenizer = tokenizer(sentencePiece(PIECES));
        assertEquals(List.of("▁a", "</s>", "▁", "b"), pieces(tokenizer, "a</s>b", EncodeOptions.TEMPLATE));
        assertEquals(
                List.of("▁a", "<0x3C>", "<0x2F>", "<0x73>", "<0x3E>", "b"),
                pieces(tokenizer, "a</s>b", EncodeOptions.TEXT));
    }

    @Test
    void textCanNotSpellSpecialTokensByMerging() {
        Tokenizer tokenizer = tokenizer(sentencePiece("▁", "<", "s", ">", "<s"));
        assertEquals(List.of("▁", "<s", ">"), pieces(tokenizer, "<s>", EncodeOptions.TEXT));
    }

    @Test
    void matchesUserDefinedTokensBeforeAnythingElse() {
        Map<String, Object> metadata = new LinkedHashMap<>(Map.of(
                "model", "llama",
                "tokens", List.of("<unk>", "<s>", "</s>", "▁", "a", "b", "ab", "a b"),
                "token_type", List.of(2L, 3L, 3L, 1L, 1L, 1L, 1L, 4L),
                "scores", List.of(0.0, 0.0, 0.0, -1.0, -2.0, -3.0, 0.0, 0.0)));
        Tokenizer tokenizer = tokenizer(metadata);
        assertEquals(List.of("▁", "ab", "a b", "▁", "b"), pieces(tokenizer, "aba bb", EncodeOptions.TEXT));
        assertEquals("aba b b", tokenizer.decode(tokenizer.encode("aba bb", false)));
    }

    @Test
    void spellsUnknownCharactersInBytesAndStreamsThemWhole() {
        Tokenizer tokenizer = tokenizer(sentencePiece(PIECES));
        int[] ids = tokenizer.encode("a😀é", false);
        assertEquals(
                List.of("▁a", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "é"),
                pieces(tokenizer, "a😀é", EncodeOptions.TEXT));
        StreamingDecoder decoder = tokenizer.newDecoder();
        assertEquals(
                List.of("a", "", "", "", "😀", "é"),
                Arrays.stream(ids).mapToObj(decoder::push).toList());
        assertEquals("", decoder.flush());
        assertArrayEquals(new byte[] {(byte) 0xf0}, tokenizer.tokenBytes(ids[1]));
        assertArrayEquals(" a".getBytes(UTF_8), tokenizer.tokenBytes(ids[0]));
    }

    @Test
    void withoutBytesTakesTheUnknownTokenAndWithoutThatRefuses() {
        Map<String, Object> metadata = new LinkedHashMap<>(Map.of(
                "model", "llama",
                "tokens", List.of("<unk>", "<s>", "</s>", "▁", "a"),
                "scores", List.of(0.0, 0.0, 0.0, -1.0, -2.0),
                "token_type", List.of(2L, 3L, 3L, 1L, 1L)));
        assertEquals(List.of("▁", "<unk>", "a"), pieces(tokenizer(metadata), "za", EncodeOptions.TEXT));

        Map<String, Object> tiny = Map.of(
                "model",
                "llama",
                "tokens",
                List.of("▁"),
                "scores",
                List.of(0.0),
                "add_bos_token",
                false,
                "unknown_token_id",
                0L);
        assertEquals(List.of("▁", "▁"), pieces(tokenizer(tiny), "z", EncodeOptions.TEXT));
    }

    @Test
    void decodesWhatFollowsAPrompt() {
        Tokenizer tokenizer = tokenizer(sentencePiece(PIECES));
        int[] prompt = tokenizer.encode("abc", true);
        StreamingDecoder decoder = tokenizer.newDecoderAfter(prompt);
        assertEquals(" a", decoder.push(tokenizer.encode("a", false)[0]));
        assertEquals("abc", tokenizer.decode(prompt));
        assertEquals("<s> abc", tokenizer.decode(prompt, false));
    }

    @Test
    void refusesIdsOutsideTheVocabulary() {
        Tokenizer tokenizer = tokenizer(sentencePiece(PIECES));
        assertThrows(IndexOutOfBoundsException.class, () -> tokenizer.decode(tokenizer.vocabSize()));
        assertThrows(IndexOutOfBoundsException.class, () -> tokenizer.tokenText(-1));
        assertTrue(tokenizer.isSpecial(0));
        assertFalse(tokenizer.isSpecial(3));
    }

    @Test
    void refusesAModelWithFewerEmbeddings() {
        Tokenizer tokenizer = tokenizer(sentencePiece(PIECES));
        tokenizer.requireFits(tokenizer.vocabSize() + 100);
        String message = assertThrows(IllegalArgumentException.class, () -> tokenizer.requireFits(100))
                .getMessage();
        assertEquals(
                "tokenizer has 268 tokens, but the model has embeddings for 100: they don't belong together", message);
    }

    @Test
    void anyTextComesBack() {
        Tokenizer tokenizer = tokenizer(sentencePiece(PIECES));
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            String text = TokenizerSamples.randomText(random, 30);
            assertEquals(text, tokenizer.decode(tokenizer.encode(text, true)));
        }
        assertEquals("a\ufffdb", tokenizer.decode(tokenizer.encode("a\ud800b", true)));
    }
}
