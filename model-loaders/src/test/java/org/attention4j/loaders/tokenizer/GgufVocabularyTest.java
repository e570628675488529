package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.tokenizer.JsonSamples.added;
import static org.attention4j.loaders.tokenizer.JsonSamples.before;
import static org.attention4j.loaders.tokenizer.JsonSamples.byteLevel;
import static org.attention4j.loaders.tokenizer.JsonSamples.bytes;
import static org.attention4j.loaders.tokenizer.JsonSamples.model;
import static org.attention4j.loaders.tokenizer.JsonSamples.split;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.bytePairs;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.gguf.GgufFile;
import org.attention4j.loaders.gguf.GgufWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufVocabularyTest {
    private static final String LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String QWEN2 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String[] MERGES = {
        "a b", "ab c", "Ġ ab", "0 1", "01 2", "Ġ Ġ", "Ċ Ċ", "' s", "a Ġ", "Ġ 0", "A B", ". .", "Ġ ."
    };

    /** The token at the end of what {@link TokenizerSamples#bytePairs} makes of the merges. */
    private static final int END = 256 + MERGES.length;

    @TempDir
    private Path folder;

    @Test
    void everyNamedWayOfCuttingWordsIsKept() throws IOException {
        Map<String, Object> digits = Map.of(
                "type",
                "Sequence",
                "pretokenizers",
                List.of(Map.of("type", "Digits", "individual_digits", true), bytes(true)));
        assertSame("gpt-2", byteLevel(bytePairs("x", MERGES), bytes(true)));
        assertSame("smollm", byteLevel(bytePairs("x", MERGES), digits));
        assertSame("qwen2", byteLevel(bytePairs("x", MERGES), split(QWEN2)));
        assertSame("dbrx", byteLevel(bytePairs("x", MERGES), split(LLAMA3)));
        Map<String, Object> wholeWords = byteLevel(bytePairs("x", MERGES), split(LLAMA3));
        model(wholeWords).put("ignore_merges", true);
        assertSame("llama-bpe", wholeWords);
    }

    @Test
    void mergesMayBePairs() throws IOException {
        Map<String, Object> document = byteLevel(bytePairs("x", MERGES), bytes(true));
        List<List<String>> pairs = new ArrayList<>();
        for (String merge : MERGES) {
            pairs.add(List.of(merge.split(" ", -1)));
        }
        model(document).put("merges", pairs);
        assertSame("gpt-2", document);
    }

    @Test
    void addedTokensKeepTheirKinds() throws IOException {
        Map<String, Object> document = byteLevel(bytePairs("x", MERGES), bytes(true));
        document.put(
                "added_tokens",
                List.of(
                        added(END, "<|endoftext|>", true),
                        added(END + 1, "<tool>", false),
                        added(END + 2, "<|eot|>", true),
                        added(END + 3, "<|eom|>", true)));
        document.put("post_processor", before("<|endoftext|>", END));
        Files.writeString(
                folder.resolve("generation_config.json"),
                "{\"eos_token_id\": [%d, %d, %d]}".formatted(END, END + 2, END + 3));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<|endoftext|>\", \"pad_token\": \"<|eot|>\", \"unk_token\": \"<|eom|>\"}");
        assertSame("gpt-2", document);
        try (GgufFile file = GgufFile.open(folder.resolve("v.gguf"))) {
            int[] types = file.metadata().integers("tokenizer.ggml.token_type");
            assertArrayEquals(new int[] {3, 4, 3, 3, 5, 5}, Arrays.copyOfRange(types, END, types.length));
            assertEquals(END + 2, file.metadata().integer("tokenizer.ggml.padding_token_id"));
            assertEquals(END + 3, file.metadata().integer("tokenizer.ggml.unknown_token_id"));
            assertTrue(file.metadata().flag("tokenizer.ggml.add_bos_token"));
        }
    }

    @Test
    void whatGgufCannotTellIsRefused() throws IOException {
        refuse(byteLevel(bytePairs("x"), split("[a-z]+")), "'pre_tokenizer' cuts words by [[a-z]+], which has no name");
        refuse(byteLevel(bytePairs("x"), bytes(false)), "'pre_tokenizer' cuts words by [], which has no name");
        refuse(
                byteLevel(bytePairs("x"), Map.of("type", "ByteLevel", "add_prefix_space", true)),
                "'pre_tokenizer' puts a space before texts");
        Map<String, Object> lowercase = byteLevel(bytePairs("x"), bytes(true));
        lowercase.put("normalizer", Map.of("type", "Lowercase"));
        refuse(lowercase, "'normalizer' normalizes texts");
        Map<String, Object> other = byteLevel(bytePairs("x"), bytes(true));
        other.put("post_processor", before("a", 97));
        refuse(other, "the tokens [a] are put around texts");
        Map<String, Object> characters = byteLevel(bytePairs("x"), bytes(true));
        characters.put("decoder", Map.of("type", "Fuse"));
        refuse(characters, "the tokenizer is of the kind BPE of characters, expected byte-level BPE");
        Path file = JsonSamples.write(folder, "tokenizer.json", byteLevel(bytePairs("x"), bytes(true)));
        assertRefused(
                () -> GgufVocabulary.write(file, 10, new GgufWriter()),
                "the tokenizer has 257 ids, expected at most the model's 10");
    }

    private void refuse(Map<String, Object> document, String message) throws IOException {
        Path file = JsonSamples.write(folder, "tokenizer.json", document);
        assertRefused(() -> GgufVocabulary.write(file, 1000, new GgufWriter()), message);
    }

    /** Checks the name, and that random texts become the same ids. */
    private void assertSame(String pre, Map<String, Object> document) throws IOException {
        Path gguf = folder.resolve("v.gguf");
        try (Tokenizer expected = JsonSamples.open(folder, document)) {
            GgufWriter writer = new GgufWriter().string("general.architecture", "none");
            GgufVocabulary.write(folder.resolve("tokenizer.json"), expected.vocabSize() + 2, writer);
            writer.write(gguf);
            try (Tokenizer actual = Tokenizers.open(gguf)) {
                assertEquals(expected.bosId(), actual.bosId());
                // Readers of GGUF take some tokens for ends by their names.
                assertTrue(actual.endIds().containsAll(expected.endIds()));
                Random random = new Random(11);
                for (int round = 0; round < 500; round++) {
                    String text = TokenizerSamples.randomText(random, 40) + (round % 5 == 0 ? "<tool><|eot|>" : "");
                    assertArrayEquals(
                            expected.encode(text, EncodeOptions.PROMPT),
                            actual.encode(text, EncodeOptions.PROMPT),
                            text);
                }
            }
        }
        try (GgufFile file = GgufFile.open(gguf)) {
            assertEquals(pre, file.metadata().text("tokenizer.ggml.pre"));
        }
    }
}
