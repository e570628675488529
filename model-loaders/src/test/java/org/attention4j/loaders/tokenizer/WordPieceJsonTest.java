package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.tokenizer;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.wordPieces;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;

class WordPieceJsonTest {
    private static final String[] PIECES = {"▁play", "ing", "▁we", "▁.", "▁'", "▁s", "▁é", "▁e", "▁W", "▁中"};
    private static final int UNK = 1;
    private static final int CLS = 2;
    private static final int SEP = 3;
    private static final int PLAY = 6;
    private static final int ING = 7;
    private static final int WE = 8;
    private static final int DOT = 9;
    private static final int QUOTE = 10;
    private static final int S = 11;

    @Test
    void takesTheLongestPiecesOfEachWord() {
        try (Tokenizer tokenizer = tokenizer(wordPieces(PIECES))) {
            assertArrayEquals(new int[] {WE, PLAY, ING, DOT, UNK}, tokenizer.encode(" We\tPlaying.plays", false));
            assertArrayEquals(new int[] {15, 15}, tokenizer.encode("中中", false));
            assertEquals("##ing", tokenizer.tokenText(ING));
            assertEquals("[unused0]", tokenizer.tokenText(5));
        }
    }

    @Test
    void putsTheTokensOfTheModelAroundAText() {
        Map<String, Object> metadata = wordPieces(PIECES);
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            assertArrayEquals(new int[] {CLS, WE, SEP}, tokenizer.encode("we", true));
            assertArrayEquals(new int[] {CLS, SEP}, tokenizer.encode("", true));
            assertEquals(OptionalInt.of(CLS), tokenizer.bosId());
            assertTrue(tokenizer.isSpecial(SEP));
        }
        metadata.put("add_bos_token", false);
        metadata.put("add_sep_token", false);
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            assertArrayEquals(new int[] {WE}, tokenizer.encode("we", true));
        }
    }

    @Test
    void readsSpecialTokensOnlyWhenTold() {
        try (Tokenizer tokenizer = tokenizer(wordPieces(PIECES))) {
            assertArrayEquals(new int[] {CLS, WE, SEP}, tokenizer.encode("[CLS] we[SEP]", EncodeOptions.TEMPLATE));
            assertArrayEquals(new int[] {UNK, UNK, UNK}, tokenizer.encode("[CLS]", EncodeOptions.TEXT));
        }
    }

    @Test
    void keepsCapitalsAndAccentsWhereTheModelSaysSo() {
        Map<String, Object> metadata = wordPieces(PIECES);
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            assertArrayEquals(new int[] {13, UNK}, tokenizer.encode("É W", false));
        }
        metadata.put("normalizer.lowercase", false);
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            assertArrayEquals(new int[] {12, 14}, tokenizer.encode("é W", false));
        }
        metadata.put("normalizer.strip_accents", true);
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            assertArrayEquals(new int[] {13, 14}, tokenizer.encode("é W", false));
        }
    }

    @Test
    void decodingClosesUpPunctuation() {
        try (Tokenizer tokenizer = tokenizer(wordPieces(PIECES))) {
            assertEquals("we's playing.", tokenizer.decode(CLS, WE, QUOTE, S, PLAY, ING, DOT, SEP));
            assertEquals("[CLS] we", tokenizer.decode(new int[] {CLS, WE}, false));
            assertThrows(IndexOutOfBoundsException.class, () -> tokenizer.decode(16));
        }
    }

    @Test
    void refusesVocabulariesThatAreAmbiguousOrHaveNoUnknownToken() {
        assertRefused(() -> tokenizer(wordPieces("▁##a", "a")), "tokens 6 and 7", "'##a'");
        Map<String, Object> metadata = wordPieces("▁a");
        metadata.remove("unknown_token_id");
        assertRefused(() -> tokenizer(metadata), "unknown_token_id", "missing", "token id");
        metadata.put("unknown_token_id", 1L);
        metadata.put("cls_token_id", 99L);
        assertRefused(() -> tokenizer(metadata), "cls_token_id", "99", "0 to 6");
        metadata.put("cls_token_id", 2L);
        metadata.put("tokens", List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused0]", ""));
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            assertArrayEquals(new int[] {UNK}, tokenizer.encode("a", false));
        }
    }
}
