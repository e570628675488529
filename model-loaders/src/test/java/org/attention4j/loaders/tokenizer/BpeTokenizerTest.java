package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.bytePairs;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.tokenizer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;

class BpeTokenizerTest {
    private static final String[] MERGES = {"a b", "Ġ ab", "ab c", "1 2", "Ã ©", "Ċ Ċ"};

    private static List<String> pieces(Tokenizer tokenizer, String text, EncodeOptions options) {
        return Arrays.stream(tokenizer.encode(text, options))
                .mapToObj(tokenizer::tokenText)
                .toList();
    }

    @Test
    void joinsBytesInTheOrderOfMergesWithinWords() {
        Tokenizer tokenizer = tokenizer(bytePairs("gpt-2", MERGES));
        assertEquals(List.of("abc", "Ġab", "c", "12", "3"), pieces(tokenizer, "abc abc123", EncodeOptions.TEXT));
        assertEquals(List.of("Ã©", "ĊĊ"), pieces(tokenizer, "é\n\n", EncodeOptions.TEXT));
    }

    @Test
    void readsTheEndOfTextOnlyWhenTold() {
        Tokenizer tokenizer = tokenizer(bytePairs("gpt-2", MERGES));
        assertEquals(
                List.of("ab", "<|endoftext|>", "c"), pieces(tokenizer, "ab<|endoftext|>c", EncodeOptions.TEMPLATE));
        int[] text = tokenizer.encode("ab<|endoftext|>c", EncodeOptions.TEXT);
        assertEquals("ab<|endoftext|>c", tokenizer.decode(text));
        assertEquals(15, text.length);
        assertEquals(OptionalInt.of(262), tokenizer.bosId());
        assertEquals(Set.of(262), tokenizer.endIds());
        assertEquals("ab", tokenizer.decode(256, 262));
        assertEquals("ab<|endoftext|>", tokenizer.decode(new int[] {256, 262}, false));
    }

    @Test
    void someModelsPreferWholeWords() {
        Map<String, Object> metadata = bytePairs("gpt-2", "a b", "c d", "ab cd");
        metadata.put("merges", List.of("b c", "a b", "c d", "ab cd"));
        metadata.put(
                "tokens",
                TokenizerSamples.list(metadata, "tokens").stream()
                        .map(token -> token.equals("<|endoftext|>") ? "bc" : token)
                        .toList());
        metadata.remove("token_type");
        assertEquals(List.of("a", "bc", "d"), pieces(tokenizer(metadata), "abcd", EncodeOptions.TEXT));
        metadata.put("pre", "llama-bpe");
        assertEquals(List.of("abcd"), pieces(tokenizer(metadata), "abcd", EncodeOptions.TEXT));
    }

    @Test
    void addsTheBeginningWhereTheKindOrTheModelSaysSo() {
        assertEquals(List.of("ab"), pieces(tokenizer(bytePairs("gpt-2", MERGES)), "ab", EncodeOptions.PROMPT));
        assertEquals(
                List.of("<|endoftext|>", "ab"),
                pieces(tokenizer(bytePairs("llama-bpe", MERGES)), "ab", EncodeOptions.PROMPT));
        Map<String, Object> metadata = bytePairs("llama-bpe", MERGES);
        metadata.put("add_bos_token", false);
        assertEquals(List.of("ab"), pieces(tokenizer(metadata), "ab", EncodeOptions.PROMPT));
    }

    @Test
    void aByteWithoutATokenIsUnknownOrLeftOut() {
        Map<String, Object> metadata = new LinkedHashMap<>(Map.of(
                "model", "gpt2", "pre", "gpt-2", "tokens", List.of("a", "b", "ab", "?"), "merges", List.of("a b")));
        assertEquals(List.of("a", "ab"), pieces(tokenizer(metadata), "acab", EncodeOptions.TEXT));
        metadata.put("unknown_token_id", 3L);
        assertEquals(List.of("a", "?", "ab"), pieces(tokenizer(metadata), "acab", EncodeOptions.TEXT));
    }

    @Test
    void anyTextComesBack() {
        Random random = new Random(1);
        for (String pre : List.of("gpt-2", "llama-bpe", "qwen2", "falcon", "deepseek-llm", "default")) {
            Tokenizer tokenizer = tokenizer(bytePairs(pre, MERGES));
            for (int round = 0; round < 500; round++) {
                String text = TokenizerSamples.randomText(random, 40);
                assertEquals(text, tokenizer.decode(tokenizer.encode(text, true)));
            }
        }
    }

    private static Map<String, Object> characters(String model) {
        return new LinkedHashMap<>(Map.of(
                "model",
                model,
                "pre",
                "gemma4",
                "tokens",
                List.of("<bos>", "▁", "a", "b", "ab", "▁ab", "\n", "\n\n", "<0xC3>", "<0xA9>", "▁▁"),
                "token_type",
                List.of(3L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 6L, 6L, 1L),
                "merges",
                List.of("a b", "▁ ab", "▁ ▁"),
                "bos_token_id",
                0L));
    }

    @Test
    void someVocabulariesSpellCharacters() {
        Tokenizer tokenizer = tokenizer(characters("gemma4"));
        assertArrayEquals(new int[] {0, 4, 5, 7, 10, 5, 8, 9}, tokenizer.encode("ab ab\n\n   abé", true));
        assertEquals(" ab\n\n  é", tokenizer.decode(5, 7, 10, 8, 9));
        assertEquals("▁ab", tokenizer.tokenText(5));
        // Three line breaks are no token, and no merges make two.
        assertArrayEquals(new int[] {6, 6, 6}, tokenizer.encode("\n\n\n", false));
        assertArrayEquals(new int[] {7}, tokenizer(characters("gpt2")).encode("\n\n", false));
    }

    @Test
    void refusesBytesWithoutAValue() {
        Map<String, Object> metadata = characters("gemma4");
        List<Object> types = TokenizerSamples.list(metadata, "token_type");
        types.set(2, 6L);
        metadata.put("token_type", types);
        assertRefused(() -> tokenizer(metadata), "token 2", "'a'", "byte");
    }
}
