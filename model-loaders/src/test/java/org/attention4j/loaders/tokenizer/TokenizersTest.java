package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.tokenizer.JsonSamples.byteLevel;
import static org.attention4j.loaders.tokenizer.JsonSamples.bytes;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.bytePairs;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
    @TempDir
    private Path directory;

    @Test
    void aDirectoryMayHaveNone() {
        assertEquals(Optional.empty(), Tokenizers.ofDirectory(directory));
    }

    @Test
    void findsTokenizerJson() throws IOException {
        JsonSamples.write(directory, "tokenizer.json", byteLevel(bytePairs("gpt-2", "a b"), bytes(true)));
        try (Tokenizer tokenizer = Tokenizers.ofDirectory(directory).orElseThrow()) {
            assertArrayEquals(new int[] {256}, tokenizer.encode("ab", true));
        }
    }

    @Test
    void findsTheVocabularyOfLlama2c() throws IOException {
        Files.copy(Golden.path("real/stories260K/tok512.bin"), directory.resolve("tokenizer.bin"));
        try (Tokenizer tokenizer = Tokenizers.ofDirectory(directory).orElseThrow()) {
            assertArrayEquals(new int[] {1, 403, 407, 261, 378}, tokenizer.encode("Once upon a time", true));
        }
    }

    @Test
    void findsAVocabularyOfRwkvByItsName() throws IOException {
        Files.writeString(directory.resolve("rwkv_vocab_v20230424.txt"), "1 'a' 1\n2 'aa' 2\n");
        try (Tokenizer tokenizer = Tokenizers.ofDirectory(directory).orElseThrow()) {
            assertArrayEquals(new int[] {2, 1}, tokenizer.encode("aaa", true));
        }
    }

    @Test
    void opensFilesAndDirectories() throws IOException {
        Path json = JsonSamples.write(directory, "tokenizer.json", byteLevel(bytePairs("gpt-2", "a b"), bytes(true)));
        for (Path path : List.of(json, directory)) {
            try (Tokenizer tokenizer = Tokenizers.open(path)) {
                assertArrayEquals(new int[] {256}, tokenizer.encode("ab", true));
            }
        }
    }

    @Test
    void saysWhatItLookedFor() throws IOException {
        assertRefused(
                () -> Tokenizers.open(directory), "no tokenizer", "tokenizer.json", "tokenizer.model", "rwkv*.txt");
        Path fairseq = Files.createFile(directory.resolve("sentencepiece.bpe.model"));
        assertRefused(() -> Tokenizers.open(fairseq), "otherwise", "tokenizer.json");
        assertRefused(() -> Tokenizers.ofDirectory(directory), "otherwise", "tokenizer.json");
        assertRefused(() -> Tokenizers.open(directory.resolve("tokenizer.model")), "no such file");
    }
}
