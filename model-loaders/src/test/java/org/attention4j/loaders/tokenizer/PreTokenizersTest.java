package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PreTokenizersTest {
    private static List<String> words(String name, String text) {
        int[] bounds = PreTokenizers.find(name).orElseThrow().words().split(text);
        List<String> words = new ArrayList<>();
        for (int i = 1; i < bounds.length; i++) {
            words.add(text.substring(bounds[i - 1], bounds[i]));
        }
        return words;
    }

    @Test
    void gpt2KeepsASpaceWithItsWordAndSplitsContractions() {
        assertEquals(
                List.of("I", "'m", " here", ",", "  ", " 12345", " !?", "\n", "\n", "x", "   "),
                words("gpt-2", "I'm here,   12345 !?\n\nx   "));
        assertEquals(List.of("WE", "'", "RE"), words("gpt-2", "WE'RE"));
    }

    @Test
    void llama3CutsDigitsInThreesAndIgnoresCaseInContractions() {
        assertEquals(List.of("WE", "'RE", " ", "123", "45", "!\n\n", "x"), words("llama-bpe", "WE'RE 12345!\n\nx"));
        assertEquals(List.of("(word", ")"), words("llama-bpe", "(word)"));
    }

    @Test
    void qwen2CutsSingleDigits() {
        assertEquals(List.of("a", " ", "1", "2", ".", " b"), words("qwen2", "a 12. b"));
    }

    @Test
    void falconCutsPunctuationFirst() {
        assertEquals(List.of("a", "=", "b", " ", "123", "456", "7"), words("falcon", "a=b 1234567"));
    }

    @Test
    void deepseekCutsEachScriptByItself() {
        assertEquals(List.of(" дом", "中文", "12", "\n", " x", "ǳ", "ʔ"), words("deepseek-llm", " дом中文12\n xǳʔ"));
        // Its class of punctuation, from colon to tilde, takes in the letters of ASCII.
        assertEquals(List.of(" stra", "ß", "e"), words("deepseek-llm", " straße"));
    }

    @Test
    void gpt4oSplitsAtCapitals() {
        assertEquals(List.of("camel", "Case's", " HTTP"), words("gpt-4o", "camelCase's HTTP"));
    }

    @Test
    void anUnknownNameIsAbsent() {
        assertEquals(Optional.empty(), PreTokenizers.find("no-such"));
    }

    @Test
    void everyKindKeepsAllOfTheText() {
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            String text = TokenizerSamples.randomText(random, 60);
            for (String name : PreTokenizers.names()) {
                assertEquals(text, String.join("", words(name, text)), name);
            }
        }
    }

    /** What the tokenizers library 0.23.2 makes of some texts with the expressions of the models' own files. */
    @Test
    void cutsAsTheModelsOwnTokenizers() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("pre-tokenizers.json"))) {
            JsonNode recorded = JsonMapper.shared().readTree(in);
            List<String> texts =
                    recorded.get("texts").valueStream().map(JsonNode::asString).toList();
            assertEquals(28, recorded.get("cuts").size());
            for (String name : recorded.get("cuts").propertyNames()) {
                for (int i = 0; i < texts.size(); i++) {
                    List<Integer> lengths = words(name, texts.get(i)).stream()
                            .map(word -> word.codePointCount(0, word.length()))
                            .toList();
                    JsonNode expected = recorded.get("cuts").get(name).get(i);
                    assertEquals(
                            expected.valueStream().map(JsonNode::asInt).toList(), lengths, name + ": " + texts.get(i));
                }
            }
        }
    }

    @Test
    void groupsDigitsFromTheirEnds() {
        assertEquals(List.of("1", "234", "567"), words("afmoe", "1234567"));
        assertEquals(List.of("1", "234", "567", "a"), words("superbpe", "1234567a"));
        assertEquals(List.of("½1", "234"), words("superbpe", "½1234"));
        assertEquals(List.of("1", "234", "."), words("tiny_aya", "1234."));
        assertEquals(List.of("123", "4", "a"), words("tiny_aya", "1234a"));
    }

    @Test
    void noKindRecursesOrBacktracksOverLongRuns() {
        int length = 30_000;
        List<String> runs =
                List.of("a", "A", " ", "\n", "1", ".", "中", "é", "\u0301", "'", "a ", " \n", "1.", "1a", "x1111");
        List<PreTokenizer> kinds = PreTokenizers.names().stream()
                .map(name -> PreTokenizers.find(name).orElseThrow().words())
                .distinct()
                .toList();
        for (PreTokenizer kind : kinds) {
            for (String run : runs) {
                String text = run.repeat(length / run.length());
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> kind.split(text + "a"));
            }
        }
    }
}
