package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.tokenizer.JsonSamples.before;
import static org.attention4j.loaders.tokenizer.JsonSamples.byteLevel;
import static org.attention4j.loaders.tokenizer.JsonSamples.bytes;
import static org.attention4j.loaders.tokenizer.JsonSamples.open;
import static org.attention4j.loaders.tokenizer.JsonSamples.write;
import static org.attention4j.loaders.tokenizer.TokenizerSamples.bytePairs;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HfSpecialTokensTest {
    private static final int END = 257;

    @TempDir
    private Path directory;

    private final Map<String, Object> document = byteLevel(bytePairs("gpt-2", "a b"), bytes(true));

    @Test
    void withoutFilesThereAreNone() throws IOException {
        try (Tokenizer tokenizer = open(directory, document)) {
            assertEquals(OptionalInt.empty(), tokenizer.bosId());
            assertEquals(Set.of(), tokenizer.endIds());
        }
    }

    @Test
    void namesComeBeforeIdsAndEndsAreGathered() throws IOException {
        write(
                directory,
                "tokenizer_config.json",
                Map.of("bos_token", Map.of("content", "<|endoftext|>"), "eos_token", "ab"));
        write(directory, "special_tokens_map.json", Map.of("bos_token", "a", "eos_token", "a"));
        write(directory, "generation_config.json", Map.of("bos_token_id", 5, "eos_token_id", List.of(7, 8, 100_000)));
        write(directory, "config.json", Map.of("eos_token_id", 9));
        try (Tokenizer tokenizer = open(directory, document)) {
            assertEquals(OptionalInt.of(END), tokenizer.bosId());
            assertEquals(Set.of(256, 7, 8, 9), tokenizer.endIds());
        }
    }

    @Test
    void idsServeWhereThereAreNoNames() throws IOException {
        write(directory, "tokenizer_config.json", Map.of("bos_token", "not in the vocabulary"));
        write(directory, "config.json", Map.of("bos_token_id", 3, "eos_token_id", -1));
        try (Tokenizer tokenizer = open(directory, document)) {
            assertEquals(OptionalInt.of(3), tokenizer.bosId());
            assertEquals(Set.of(), tokenizer.endIds());
        }
    }

    @Test
    void theConfigurationOverridesTheTemplate() throws IOException {
        Map<String, Object> config = Map.of("bos_token", "<|endoftext|>", "eos_token", "ab", "add_bos_token", true);
        write(directory, "tokenizer_config.json", config);
        try (Tokenizer tokenizer = open(directory, document)) {
            assertArrayEquals(new int[] {END, 256}, tokenizer.encode("ab", true));
        }
        document.put("post_processor", before("<|endoftext|>", END));
        try (Tokenizer tokenizer = open(directory, document)) {
            assertArrayEquals(new int[] {END, 256}, tokenizer.encode("ab", true));
        }
        write(
                directory,
                "tokenizer_config.json",
                Map.of("bos_token", "<|endoftext|>", "eos_token", "ab", "add_bos_token", false, "add_eos_token", true));
        try (Tokenizer tokenizer = open(directory, document)) {
            assertArrayEquals(new int[] {0x63, 256}, tokenizer.encode("c", true));
        }
    }

    @Test
    void refusesBrokenFiles() throws IOException {
        write(directory, "tokenizer_config.json", List.of());
        assertRefused(() -> open(directory, document), "tokenizer_config.json", "not an object");
        write(directory, "tokenizer_config.json", Map.of("bos_token", 5));
        assertRefused(() -> open(directory, document), "tokenizer_config.json", "'bos_token'", "'5'", "string");
        write(directory, "tokenizer_config.json", Map.of("bos_token", "ab", "add_bos_token", "yes"));
        assertRefused(() -> open(directory, document), "'add_bos_token'", "'yes'", "true or false");
        write(directory, "tokenizer_config.json", Map.of());
        write(directory, "generation_config.json", Map.of("eos_token_id", "x"));
        assertRefused(() -> open(directory, document), "generation_config.json", "'eos_token_id'", "'x'", "token id");
    }
}
