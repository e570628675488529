package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.bytePairs;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.metadata;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.sentencePiece;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.tokenizer;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.text.TokenizerInfo;
import org.junit.jupiter.api.Test;

class GgufTokenizersTest {
    private static void refuses(Map<String, Object> values, String... fragments) {
        assertRefused(() -> GgufTokenizers.of(metadata(values)), fragments);
    }

    private static Map<String, Object> with(Map<String, Object> values, String key, Object value) {
        values.put(key, value);
        return values;
    }

    private static Map<String, Object> without(Map<String, Object> values, String key) {
        values.remove(key);
        return values;
    }

    @Test
    void aModelMayHaveNoTokenizer() {
        assertEquals(Optional.empty(), GgufTokenizers.of(metadata(Map.of("model", "none"))));
        assertEquals(Optional.empty(), GgufTokenizers.of(metadata(Map.of())));
    }

    @Test
    void refusesUnknownKinds() {
        refuses(
                Map.of("model", "weird"),
                "sample.gguf",
                "tokenizer.ggml.model",
                "'weird'",
                "llama, gpt2, gemma4, bert, t5, rwkv, none");
        refuses(bytePairs("weird", "a b"), "tokenizer.ggml.pre", "'weird'", "gpt-2", "qwen2");
        refuses(with(sentencePiece("a"), "model", 7L), "tokenizer.ggml.model", "7", "string");
    }

    @Test
    void refusesBrokenVocabularies() {
        refuses(without(sentencePiece("a"), "tokens"), "tokenizer.ggml.tokens", "missing");
        refuses(with(sentencePiece("a"), "tokens", List.of()), "no tokens");
        refuses(
                with(without(sentencePiece("a"), "token_type"), "tokens", List.of(1L)),
                "tokenizer.ggml.tokens",
                "string");
        refuses(sentencePiece("ab", "ab"), "tokens 259 and 260", "'ab'");
        refuses(sentencePiece("a".repeat(1025)), "1025 characters, expected at most 1024");
        refuses(sentencePiece("</s>"), "tokens 2 and 259", "'</s>'");
        refuses(with(sentencePiece("a"), "token_type", List.of(1L)), "1 token types for 260 tokens");
        List<Object> types = TokenizerSamples.list(sentencePiece("a"), "token_type");
        types.set(4, 9L);
        refuses(with(sentencePiece("a"), "token_type", types), "tokenizer.ggml.token_type", "9", "0 to 6");
        types.set(4, 1L);
        types.set(259, 6L);
        refuses(with(sentencePiece("a"), "token_type", types), "token 259", "byte", "'a'");
    }

    @Test
    void refusesBrokenScores() {
        refuses(without(sentencePiece("a"), "scores"), "tokenizer.ggml.scores", "missing");
        refuses(with(sentencePiece("a"), "scores", List.of(1.0)), "tokenizer.ggml.scores", "array of 1", "260");
        refuses(with(sentencePiece("a"), "scores", List.of(Double.NaN)), "tokenizer.ggml.scores", "number");
    }

    @Test
    void refusesBrokenMerges() {
        refuses(without(bytePairs("gpt-2", "a b"), "merges"), "tokenizer.ggml.merges", "missing");
        refuses(with(bytePairs("gpt-2", "a b"), "merges", List.of("ab")), "merge 0", "'ab'", "space");
        refuses(with(bytePairs("gpt-2", "a b"), "merges", List.of("a b", "a zz")), "merge 1", "'azz'", "vocabulary");
        refuses(with(bytePairs("gpt-2", "a b"), "merges", List.of("")), "merge 0", "''");
        refuses(with(bytePairs("gpt-2", "a b"), "merges", List.of("a ")), "merge 0", "''");
    }

    @Test
    void whatEncodingNeedsIsNotReadForALookFromOutside() {
        Map<String, Object> broken = with(bytePairs("gpt-2", "a b"), "merges", List.of("a zz"));
        assertEquals(
                Optional.of(new TokenizerInfo("byte-level BPE", 258, 1, Set.of(257))),
                GgufTokenizers.info(metadata(broken)));
        assertEquals(Optional.empty(), GgufTokenizers.info(metadata(Map.of())));
        assertRefused(() -> GgufTokenizers.info(metadata(bytePairs("weird", "a b"))), "tokenizer.ggml.pre", "'weird'");
    }

    @Test
    void refusesIdsOutsideTheVocabulary() {
        refuses(with(bytePairs("gpt-2", "a b"), "eos_token_id", 258L), "eos_token_id", "258", "0 to 257");
        refuses(with(bytePairs("gpt-2", "a b"), "bos_token_id", -1L), "bos_token_id", "-1", "0 to 257");
        refuses(with(sentencePiece("a"), "unknown_token_id", 1L << 40), "unknown_token_id", "1099511627776");
        refuses(
                without(with(bytePairs("gpt-2", "a b"), "add_bos_token", true), "bos_token_id"),
                "bos_token_id",
                "missing",
                "added");
    }

    @Test
    void aTinyVocabularyHasNoDefaultIds() {
        Map<String, Object> values =
                Map.of("model", "llama", "tokens", List.of("a"), "scores", List.of(0.0), "add_bos_token", false);
        assertEquals(Set.of(), tokenizer(values).endIds());
    }

    @Test
    void endsOfMessagesThatAreNoEndsOfTurnsAreLeftOut() {
        Map<String, Object> metadata = bytePairs("gpt-4o", "a b");
        List<Object> tokens = TokenizerSamples.list(metadata, "tokens");
        List<Object> types = TokenizerSamples.list(metadata, "token_type");
        tokens.addAll(List.of("<|end|>", "<|return|>"));
        types.addAll(List.of(3L, 3L));
        metadata.put("tokens", tokens);
        metadata.put("token_type", types);
        assertEquals(Set.of(257, 258, 259), tokenizer(metadata).endIds());
        tokens.add("<|call|>");
        types.add(3L);
        assertEquals(Set.of(257, 259, 260), tokenizer(metadata).endIds());
    }

    @Test
    void findsEndsOfTurnsByKeyAndByName() {
        Map<String, Object> metadata = bytePairs("qwen2", "a b");
        List<Object> tokens = TokenizerSamples.list(metadata, "tokens");
        List<Object> types = TokenizerSamples.list(metadata, "token_type");
        tokens.addAll(List.of("<|im_end|>", "<|eom_id|>", "<|im_start|>"));
        types.addAll(List.of(3L, 1L, 3L));
        metadata.put("tokens", tokens);
        metadata.put("token_type", types);
        assertEquals(Set.of(257, 258), tokenizer(metadata).endIds());
        metadata.put("eot_token_id", 260L);
        assertEquals(Set.of(257, 258, 260), tokenizer(metadata).endIds());
    }
}
