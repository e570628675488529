package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Golden;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.io.MappedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real vocabularies, against the ids that llama.cpp and the models' own tokenizers give. */
class GoldenTokenizersTest {
    private static Tokenizer gguf(Path file) {
        try (Checkpoint checkpoint = ModelFormats.open(file)) {
            return GgufTokenizers.of(checkpoint.metadata()).orElseThrow();
        }
    }

    private static Tokenizer llama2c(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return Llama2cTokenizers.of(file, mapped.bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-spm", "falcon", "deepseek-llm", "bert-bge"})
    void encodesAsTheReference(String name) throws IOException {
        Path file = Golden.path("real/tokenizers/ggml-vocab-" + name + ".gguf");
        List<String> texts =
                Splitter.on("\n__ggml_vocab_test__\n").splitToList(Files.readString(Path.of(file + ".inp")));
        List<String> lines = Files.readAllLines(Path.of(file + ".out"));
        Tokenizer tokenizer = gguf(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int[] expected = line.isEmpty()
                    ? new int[0]
                    : Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray();
            String text = texts.get(i);
            assertArrayEquals(expected, tokenizer.encode(text, EncodeOptions.TEXT), () -> "'" + text + "'");
            if (name.equals("bert-bge")) {
                // It drops capitals, accents and spaces; what is left names the same tokens.
                assertArrayEquals(
                        expected, tokenizer.encode(tokenizer.decode(expected, false), EncodeOptions.TEMPLATE));
            } else {
                assertEquals(text, tokenizer.decode(expected));
            }
        }
        tokenizer.close();
    }

    @Test
    void theVocabulariesOfOneModelAgree() throws IOException {
        Tokenizer gguf = gguf(Golden.path("real/stories260K/stories260K-f32.gguf"));
        Tokenizer bin = llama2c(Golden.path("real/stories260K/tok512.bin"));
        assertArrayEquals(new int[] {1, 403, 407, 261, 378}, gguf.encode("Once upon a time", true));
        String story = Files.readString(Golden.path("real/stories260K/EXPECTED.md"));
        assertArrayEquals(gguf.encode(story, true), bin.encode(story, true));
        Random random = new Random(6);
        for (int round = 0; round < 300; round++) {
            String text = TokenizerSamples.randomText(random, 40);
            assertArrayEquals(gguf.encode(text, true), bin.encode(text, true), text);
            assertEquals(text, bin.decode(bin.encode(text, true)));
        }
    }
}
