package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real vocabularies, against the ids that llama.cpp and the models' own tokenizers give. */
class GoldenTokenizersTest {
    private static final String STORIES = "real/stories260K/";
    private static final String WORLD = "real/tokenizers/rwkv-world/";
    private static final int STRINGS = 10_000;

    private static Tokenizer open(String name) {
        return Tokenizers.open(Golden.path(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-spm", "falcon", "deepseek-llm", "bert-bge"})
    void encodesAsTheReference(String name) throws IOException {
        Path file = Golden.path("real/tokenizers/ggml-vocab-" + name + ".gguf");
        List<String> texts =
                Splitter.on("\n__ggml_vocab_test__\n").splitToList(Files.readString(Path.of(file + ".inp")));
        List<String> lines = Files.readAllLines(Path.of(file + ".out"));
        Tokenizer tokenizer = Tokenizers.open(file);
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "real/tokenizers/ggml-vocab-gpt-2.gguf",
                "real/tokenizers/ggml-vocab-llama-spm.gguf",
                "real/tokenizers/ggml-vocab-falcon.gguf",
                "real/tokenizers/ggml-vocab-deepseek-llm.gguf",
                "real/tokenizers/ggml-vocab-bert-bge.gguf",
                STORIES + "stories260K-f32.gguf",
                STORIES + "tok512.bin",
                WORLD + "rwkv_vocab_v20230424.txt"
            })
    void looksTheSameReadInPart(String name) {
        Path path = Golden.path(name);
        try (Tokenizer tokenizer = Tokenizers.open(path)) {
            assertEquals(TokenizerInfo.of(tokenizer), Tokenizers.info(path));
        }
    }

    @Test
    void theVocabulariesOfOneModelAgree() throws IOException {
        Tokenizer gguf = open(STORIES + "stories260K-f32.gguf");
        Tokenizer bin = open(STORIES + "tok512.bin");
        assertArrayEquals(new int[] {1, 403, 407, 261, 378}, gguf.encode("Once upon a time", true));
        String story = Files.readString(Golden.path(STORIES + "EXPECTED.md"));
        assertArrayEquals(gguf.encode(story, true), bin.encode(story, true));
        Random random = new Random(6);
        for (int round = 0; round < 300; round++) {
            String text = TokenizerSamples.randomText(random, 40);
            assertArrayEquals(gguf.encode(text, true), bin.encode(text, true), text);
            assertEquals(text, bin.decode(bin.encode(text, true)));
        }
    }

    @Test
    void encodesRwkvWorldAsTheReference() throws IOException {
        Tokenizer tokenizer = open(WORLD + "rwkv_vocab_v20230424.txt");
        JsonNode vectors = JsonMapper.shared().readTree(Files.readString(Golden.path(WORLD + "encode_vectors.json")));
        assertFalse(vectors.isEmpty());
        for (JsonNode vector : vectors) {
            String text = vector.get("text").asString();
            int[] expected =
                    vector.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
            assertArrayEquals(expected, tokenizer.encode(text, true), text);
            assertEquals(text, tokenizer.decode(expected));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "real/tokenizers/ggml-vocab-gpt-2.gguf",
                "real/tokenizers/ggml-vocab-llama-spm.gguf",
                "real/tokenizers/ggml-vocab-deepseek-llm.gguf",
                WORLD + "rwkv_vocab_v20230424.txt",
                STORIES + "tok512.bin"
            })
    void anyTextComesBackHoweverItIsStreamed(String name) {
        Tokenizer tokenizer = open(name);
        Random random = new Random(11);
        for (int round = 0; round < STRINGS; round++) {
            String text = TokenizerSamples.randomText(random, 40);
            int[] ids = tokenizer.encode(text, random.nextBoolean());
            assertEquals(text, tokenizer.decode(ids));
            assertEquals(text, TokenizerSamples.stream(tokenizer.newDecoder(), ids));
        }
    }

    @Test
    void whatFalconCanSpellComesBack() {
        Tokenizer tokenizer = open("real/tokenizers/ggml-vocab-falcon.gguf");
        Set<Integer> bytes = IntStream.range(0, tokenizer.vocabSize())
                .mapToObj(tokenizer::tokenText)
                .filter(token -> token.length() == 1)
                .map(token -> ByteAlphabet.bytes(token).orElseThrow()[0] & 0xff)
                .collect(Collectors.toSet());
        // It has no tokens for some control characters and for half of planes 8 to 11.
        assertEquals(28, 256 - bytes.size());
        Random random = new Random(13);
        for (int round = 0; round < STRINGS; round++) {
            String text = TokenizerSamples.randomText(random, 40);
            ByteArrayOutputStream spelled = new ByteArrayOutputStream();
            for (byte b : text.getBytes(UTF_8)) {
                if (bytes.contains(b & 0xff)) {
                    spelled.write(b);
                }
            }
            int[] ids = tokenizer.encode(text, true);
            assertEquals(spelled.toString(UTF_8), tokenizer.decode(ids));
            assertEquals(spelled.toString(UTF_8), TokenizerSamples.stream(tokenizer.newDecoder(), ids));
        }
    }

    @Test
    void whatBertKeepsOfATextComesBack() {
        Random random = new Random(12);
        try (Tokenizer tokenizer = open("real/tokenizers/ggml-vocab-bert-bge.gguf")) {
            for (int round = 0; round < STRINGS; round++) {
                int[] ids = tokenizer.encode(TokenizerSamples.randomText(random, 40), false);
                String kept = tokenizer.decode(ids, false);
                assertArrayEquals(ids, tokenizer.encode(kept, EncodeOptions.TEMPLATE), kept);
                assertEquals(kept, TokenizerSamples.stream(tokenizer.newDecoder(false), ids));
            }
        }
    }
}
