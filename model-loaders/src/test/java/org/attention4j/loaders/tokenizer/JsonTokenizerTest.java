package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.tokenizer.JsonSamples.byteLevel;
import static org.attention4j.loaders.tokenizer.JsonSamples.bytes;
import static org.attention4j.loaders.tokenizer.JsonSamples.open;
import static org.attention4j.loaders.tokenizer.JsonSamples.split;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.bytePairs;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.tokenizer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTokenizerTest {
    private static final String[] MERGES = {"a b", "Ġ ab", "ab c", "1 2", "Ã ©", "Ċ Ċ"};

    @TempDir
    private Path directory;

    private static void assertSame(Tokenizer expected, Tokenizer actual) {
        Random random = new Random(9);
        for (int round = 0; round < 1000; round++) {
            String text = TokenizerSamples.randomText(random, 40) + (round % 3 == 0 ? "<|endoftext|>a" : "");
            for (EncodeOptions options : List.of(EncodeOptions.TEXT, EncodeOptions.TEMPLATE)) {
                int[] ids = expected.encode(text, options);
                assertArrayEquals(ids, actual.encode(text, options), text);
                assertEquals(expected.decode(ids, false), actual.decode(ids, false));
                assertEquals(expected.decode(ids, true), actual.decode(ids, true));
            }
        }
    }

    @Test
    void theLibraryAndTheReaderOfGgufAgreeOnGpt2() throws IOException {
        Map<String, Object> metadata = bytePairs("gpt-2", MERGES);
        try (Tokenizer json = open(directory, byteLevel(metadata, bytes(true)))) {
            assertSame(tokenizer(metadata), json);
            assertEquals(263, json.vocabSize());
        }
    }

    @Test
    void theLibraryAndTheReaderOfGgufAgreeOnQwen2() throws IOException {
        Map<String, Object> metadata = bytePairs("qwen2", MERGES);
        Map<String, Object> document = byteLevel(
                metadata,
                split("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                        + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"));
        try (Tokenizer json = open(directory, document)) {
            assertSame(tokenizer(metadata), json);
        }
    }

    @Test
    void sentencePieceVocabulariesWithByteFallback() throws IOException {
        Map<String, Object> metadata =
                TokenizerSamples.sentencePiece("▁a", "bc", "▁b", "▁", "a", "b", "c", "é", "1", "2");
        Map<String, Object> document = byteLevel(metadata, bytes(false));
        document.remove("pre_tokenizer");
        document.put(
                "normalizer",
                Map.of(
                        "type",
                        "Sequence",
                        "normalizers",
                        List.of(
                                Map.of("type", "Prepend", "prepend", "▁"),
                                Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", "▁"))));
        document.put(
                "decoder",
                Map.of(
                        "type",
                        "Sequence",
                        "decoders",
                        List.of(
                                Map.of("type", "Replace", "pattern", Map.of("String", "▁"), "content", " "),
                                Map.of("type", "ByteFallback"),
                                Map.of("type", "Fuse"),
                                Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0))));
        Map<String, Object> model = JsonSamples.model(document);
        model.put("merges", List.of("▁ a", "b c", "▁ b"));
        model.put("byte_fallback", true);
        model.put("unk_token", "<unk>");
        List<Object> special = new ArrayList<>();
        List<String> names = List.of("<unk>", "<s>", "</s>");
        names.forEach(name -> special.add(JsonSamples.added(names.indexOf(name), name, true)));
        document.put("added_tokens", special);
        Tokenizer gguf = tokenizer(metadata);
        try (Tokenizer json = open(directory, document)) {
            Random random = new Random(3);
            for (int round = 0; round < 1000; round++) {
                String text = TokenizerSamples.randomText(random, 30) + "<s>";
                int[] ids = gguf.encode(text, EncodeOptions.TEXT);
                assertArrayEquals(ids, json.encode(text, EncodeOptions.TEXT), text);
                assertEquals(text, json.decode(ids));
            }
            int[] story = json.encode("a b", false);
            assertEquals(" b", json.newDecoderAfter(story[0]).push(story[1]));
        }
    }

    @Test
    void readsSpecialTokensOnlyWhenTold() throws IOException {
        try (Tokenizer json = open(directory, byteLevel(bytePairs("gpt-2", MERGES), bytes(true)))) {
            int[] text = json.encode("ab<|endoftext|>", EncodeOptions.TEXT);
            assertEquals(14, text.length);
            assertEquals("ab<|endoftext|>", json.decode(text));
            assertArrayEquals(new int[] {256, 262}, json.encode("ab<|endoftext|>", EncodeOptions.TEMPLATE));
            assertEquals("ab", json.decode(256, 262));
            assertTrue(json.isSpecial(262));
            assertEquals("<|endoftext|>", json.tokenText(262));
            assertArrayEquals("<|endoftext|>".getBytes(UTF_8), json.tokenBytes(262));
        }
    }

    @Test
    void neitherCutsNorPadsNorDropsWhateverTheFileSays() throws IOException {
        Map<String, Object> document = byteLevel(bytePairs("gpt-2", MERGES), bytes(true));
        document.put(
                "padding",
                Map.of(
                        "strategy",
                        Map.of("Fixed", 100_000_000),
                        "direction",
                        "Right",
                        "pad_id",
                        0,
                        "pad_type_id",
                        0,
                        "pad_token",
                        "!"));
        JsonSamples.model(document).put("dropout", 1.0);
        try (Tokenizer json = open(directory, document)) {
            assertEquals(700, json.encode(" ab".repeat(700), false).length);
        }
    }

    @Test
    void addsWhatTheTemplateSays() throws IOException {
        Map<String, Object> document = byteLevel(bytePairs("gpt-2", MERGES), bytes(true));
        document.put("post_processor", JsonSamples.before("<|endoftext|>", 262));
        try (Tokenizer json = open(directory, document)) {
            assertArrayEquals(new int[] {262, 256}, json.encode("ab", true));
            assertArrayEquals(new int[] {256}, json.encode("ab", false));
        }
        document.put(
                "post_processor",
                Map.of(
                        "type",
                        "Sequence",
                        "processors",
                        List.of(
                                bytes(true),
                                Map.of("type", "RobertaProcessing", "cls", List.of("b", 1), "sep", List.of("c", 2)))));
        try (Tokenizer json = open(directory, document)) {
            assertArrayEquals(new int[] {1, 256, 2}, json.encode("ab", true));
        }
    }

    @Test
    void wordPieces() throws IOException {
        Map<String, Object> document = new LinkedHashMap<>(Map.of(
                "version", "1.0",
                "added_tokens", List.of(JsonSamples.added(0, "[UNK]", true)),
                "normalizer",
                        Map.of(
                                "type",
                                "BertNormalizer",
                                "clean_text",
                                true,
                                "handle_chinese_chars",
                                true,
                                "lowercase",
                                true),
                "pre_tokenizer", Map.of("type", "BertPreTokenizer"),
                "decoder", Map.of("type", "WordPiece", "prefix", "##", "cleanup", true),
                "model",
                        Map.of(
                                "type",
                                "WordPiece",
                                "unk_token",
                                "[UNK]",
                                "continuing_subword_prefix",
                                "##",
                                "max_input_chars_per_word",
                                100,
                                "vocab",
                                Map.of("[UNK]", 0, "play", 1, "##ing", 2, "we", 3, ".", 4))));
        try (Tokenizer json = open(directory, document)) {
            int[] ids = json.encode("We playing ö.", false);
            assertArrayEquals(new int[] {3, 1, 2, 0, 4}, ids);
            assertEquals("we playing.", json.decode(ids));
            assertEquals("we playing [UNK].", json.decode(ids, false));
        }
    }

    @Test
    void unigrams() throws IOException {
        Map<String, Object> document = new LinkedHashMap<>(Map.of(
                "version", "1.0",
                "pre_tokenizer",
                        Map.of("type", "Metaspace", "replacement", "▁", "prepend_scheme", "always", "split", true),
                "decoder", Map.of("type", "Metaspace", "replacement", "▁", "prepend_scheme", "always", "split", true),
                "model",
                        Map.of(
                                "type",
                                "Unigram",
                                "unk_id",
                                0,
                                "vocab",
                                List.of(
                                        List.of("<unk>", 0.0),
                                        List.of("▁", -3.0),
                                        List.of("a", -3.0),
                                        List.of("▁a", -1.0),
                                        List.of("b", -2.0)))));
        try (Tokenizer json = open(directory, document)) {
            assertArrayEquals(new int[] {3, 4, 1, 4, 0}, json.encode("ab bz", false));
            assertEquals("ab b", json.decode(3, 4, 1, 4));
        }
    }

    @Test
    void streamsWholeCharacters() throws IOException {
        try (Tokenizer json = open(directory, byteLevel(bytePairs("gpt-2"), bytes(true)))) {
            StreamingDecoder decoder = json.newDecoder();
            StringBuilder pieces = new StringBuilder();
            for (int id : json.encode("a😀é", false)) {
                pieces.append(decoder.push(id)).append('|');
            }
            assertEquals("a||||😀||é|", pieces.toString());
        }
    }

    @Test
    void lonelySurrogatesAndZerosSurvive() throws IOException {
        try (Tokenizer json = open(directory, byteLevel(bytePairs("gpt-2", MERGES), bytes(true)))) {
            assertEquals("\ufffd😀\0é", json.decode(json.encode("\ud800😀\0é", false)));
        }
    }

    @Test
    void aClosedTokenizerSaysSo() throws IOException {
        Tokenizer json = open(directory, byteLevel(bytePairs("gpt-2", MERGES), bytes(true)));
        json.close();
        json.close();
        for (String text : List.of("ab", "ab<|endoftext|>")) {
            assertThrows(IllegalStateException.class, () -> json.encode(text, false));
        }
        assertEquals("ab", json.decode(256));
    }

    @Test
    void refusesTextOfAbsurdLengthAndUnknownIds() throws IOException {
        try (Tokenizer json = open(directory, byteLevel(bytePairs("gpt-2", MERGES), bytes(true)))) {
            String text = "a".repeat(5_000_000);
            assertThrows(IllegalArgumentException.class, () -> json.encode(text, false));
            assertThrows(IndexOutOfBoundsException.class, () -> json.decode(263));
            assertThrows(IndexOutOfBoundsException.class, () -> json.isSpecial(-1));
        }
    }

    @Test
    void leavesTheHostsSettingsAlone() throws IOException {
        String before = System.getProperty("ai.djl.offline", "unset");
        open(directory, byteLevel(bytePairs("gpt-2", MERGES), bytes(true))).close();
        assertEquals(before, System.getProperty("ai.djl.offline", "unset"));
        assertNotEquals("true", System.getProperty("ai.djl.offline", "unset"));
    }
}
