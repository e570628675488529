package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertVocabulariesTest {
    private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nplay\r\n##ing\nWe\nwe\n<s>\n";

    @TempDir
    private Path directory;

    private Tokenizer open(String vocabulary) throws IOException {
        return Tokenizers.open(Files.writeString(directory.resolve("vocab.txt"), vocabulary));
    }

    @Test
    void readsOneTokenPerLine() throws IOException {
        try (Tokenizer tokenizer = open(VOCABULARY)) {
            assertEquals(9, tokenizer.vocabSize());
            assertArrayEquals(new int[] {2, 7, 4, 5, 3}, tokenizer.encode("We playing", true));
            assertArrayEquals(new int[] {2, 7}, tokenizer.encode("[CLS]we", EncodeOptions.TEMPLATE));
            assertEquals("we playing", tokenizer.decode(2, 7, 4, 5, 3));
            assertEquals(OptionalInt.of(2), tokenizer.bosId());
            assertEquals(Set.of(), tokenizer.endIds());
        }
    }

    @Test
    void theConfigurationNamesTokensAndKeepsCapitals() throws IOException {
        JsonSamples.write(
                directory,
                "tokenizer_config.json",
                Map.of("tokenizer_class", "DistilBertTokenizer", "do_lower_case", false, "cls_token", "<s>"));
        try (Tokenizer tokenizer = open(VOCABULARY)) {
            assertArrayEquals(new int[] {8, 6, 3}, tokenizer.encode("We", true));
        }
    }

    @Test
    void refusesOtherVocabularies() throws IOException {
        assertRefused(() -> open(""), "vocab.txt", "no tokens");
        assertRefused(() -> open("a\nb\n"), "vocab.txt", "[UNK]", "tokenizer_config.json");
        assertRefused(() -> open("[UNK]\n[CLS]\n[SEP]\na\na\n"), "tokens 3 and 4", "'a'");
        Path file = Files.write(directory.resolve("vocab.txt"), new byte[] {(byte) 0xff});
        assertRefused(() -> Tokenizers.open(file), "UTF-8");
        JsonSamples.write(directory, "tokenizer_config.json", Map.of("tokenizer_class", "EsmTokenizer"));
        assertRefused(() -> open(VOCABULARY), "'EsmTokenizer'", "tokenizer.json");
    }
}
