package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two small models that sentencepiece 0.2.2 trained on this project's documentation, and the ids that it gives. */
class SentencePieceTokenizersTest {
    private static final int STRINGS = 10_000;

    @TempDir
    private Path directory;

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                SentencePieceTokenizersTest.class.getResourceAsStream("sentencepiece/" + name), name);
    }

    private Tokenizer open(String model) throws IOException {
        Path file = directory.resolve("tokenizer.model");
        Files.deleteIfExists(file);
        try (InputStream in = resource(model + ".model")) {
            Files.copy(in, file);
        }
        return Tokenizers.open(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "bpe"})
    void encodesAsSentencePiece(String name) throws IOException {
        Tokenizer tokenizer = open(name);
        try (InputStream in = resource(name + ".json")) {
            for (JsonNode vector : JsonMapper.shared().readTree(in)) {
                String text = vector.get("text").asString();
                int[] expected = vector.get("ids")
                        .valueStream()
                        .mapToInt(JsonNode::asInt)
                        .toArray();
                assertArrayEquals(expected, tokenizer.encode(text, EncodeOptions.TEXT), text);
            }
        }
    }

    @Test
    void anyTextComesBackFromAModelThatChangesNothing() throws IOException {
        Tokenizer tokenizer = open("bpe");
        Random random = new Random(2);
        for (int round = 0; round < STRINGS; round++) {
            String text = TokenizerSamples.randomText(random, 40);
            int[] ids = tokenizer.encode(text, true);
            assertEquals(text, tokenizer.decode(ids));
            assertEquals(text, TokenizerSamples.stream(tokenizer.newDecoder(), ids));
        }
    }

    @Test
    void normalizedTextComesBackFromAModelThatNormalizes() throws IOException {
        Tokenizer tokenizer = open("unigram");
        Random random = new Random(3);
        for (int round = 0; round < STRINGS; round++) {
            // What the model does not know is left out, so that spaces may come together.
            String kept = tokenizer.decode(tokenizer.encode(TokenizerSamples.randomText(random, 40), false));
            assertEquals(kept.replaceAll(" +", " ").strip(), tokenizer.decode(tokenizer.encode(kept, false)));
        }
        assertEquals("fie1/2", tokenizer.decode(tokenizer.encode("\u3000ﬁe½ ", false)));
    }

    @Test
    void modelsWithoutOtherFilesBeginTextsIfTheyAreByteFallbackModels() throws IOException {
        assertArrayEquals(new int[] {1}, open("bpe").encode("", true));
        assertEquals(OptionalInt.of(1), open("bpe").bosId());
        assertEquals(Set.of(2), open("bpe").endIds());
        assertArrayEquals(new int[0], open("unigram").encode("", true));
    }

    @Test
    void theFilesBesideTheModelSayWhatIsAroundATextAndAddTokens() throws IOException {
        JsonSamples.write(
                directory,
                "tokenizer_config.json",
                Map.of(
                        "tokenizer_class",
                        "T5Tokenizer",
                        "added_tokens_decoder",
                        Map.of(
                                "181",
                                Map.of("content", "<extra>", "special", false),
                                "0",
                                Map.of("content", "<unk>", "special", true))));
        JsonSamples.write(directory, "added_tokens.json", Map.of("<pad>", 180));
        JsonSamples.write(directory, "special_tokens_map.json", Map.of("pad_token", "<pad>"));
        Tokenizer tokenizer = open("unigram");
        assertEquals(182, tokenizer.vocabSize());
        assertArrayEquals(new int[] {181, 2}, tokenizer.encode("<extra>", true));
        assertEquals("<extra>", tokenizer.decode(181, 2));
        assertArrayEquals(new int[] {180}, tokenizer.encode("<pad>", EncodeOptions.TEMPLATE));
        assertEquals("", tokenizer.decode(180));

        JsonSamples.write(directory, "tokenizer_config.json", Map.of("add_bos_token", false, "add_eos_token", true));
        assertArrayEquals(new int[] {2}, open("bpe").encode("", true));
        JsonSamples.write(
                directory,
                "tokenizer_config.json",
                Map.of("tokenizer_class", "AlbertTokenizer", "cls_token", "<c1>", "sep_token", "</s>"));
        assertArrayEquals(new int[] {3, 2}, open("unigram").encode("", true));
    }

    @Test
    void aSpaceIsPutBehindAddedTokensUnlessTheModelSaysOtherwise() throws IOException {
        Map<String, Object> added = Map.of("420", Map.of("content", "<x>", "special", true));
        JsonSamples.write(directory, "tokenizer_config.json", Map.of("added_tokens_decoder", added));
        List<Integer> legacy = List.of(420, open("bpe").encode("a", false)[0]);
        int[] ids = open("bpe").encode("<x>a", EncodeOptions.TEMPLATE);
        assertEquals(legacy.get(1), ids[1]);
        JsonSamples.write(directory, "tokenizer_config.json", Map.of("added_tokens_decoder", added, "legacy", false));
        assertEquals("a", open("bpe").tokenText(open("bpe").encode("<x>a", EncodeOptions.TEMPLATE)[1]));
    }
}
