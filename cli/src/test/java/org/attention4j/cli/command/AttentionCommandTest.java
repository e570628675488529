package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomBert;
import org.attention4j.cli.RandomModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AttentionCommandTest {
    @TempDir
    private static Path directory;

    private static Path model = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        model = RandomModels.tiny(directory);
    }

    @ParameterizedTest
    @CsvSource({"reference, map.html", "onnx, map.png"})
    void aLineForEachLayer(String backend, String file) throws IOException {
        Path picture = directory.resolve(file);
        List<String> lines = attention("--tokens", "5,6,7,8,9", "--backend", backend, "--out", picture)
                .done()
                .lines()
                .toList();
        assertEquals(2, lines.size());
        for (int layer = 0; layer < 2; layer++) {
            String line = lines.get(layer);
            assertTrue(
                    line.startsWith("layer %d, gqa: 4 heads; 60%% of all pairs".formatted(layer)),
                    "not 15 of 25: " + line);
            assertTrue(line.matches(".* 90% of the last token's lies within [0-4]( to [1-4])? tokens"), line);
        }
        assertTrue(Files.size(picture) > 5000, "%d bytes".formatted(Files.size(picture)));
    }

    @Test
    void layersAndHeadsCanBeChosen() {
        Path picture = directory.resolve("some.html");
        String out = attention("--tokens", "5,6,7,8,9", "--layers", "1", "--heads", "0,2-3", "--out", picture, "--json")
                .done();
        JsonNode report = JsonMapper.shared().readTree(out);
        assertEquals(1, report.get("maps").size());
        JsonNode map = report.get("maps").get(0);
        assertEquals(1, map.get("layer").asInt());
        assertEquals("gqa", map.get("mixer").asString());
        assertTrue(map.get("averages").asBoolean());
        assertEquals(
                List.of(0, 2, 3),
                map.get("heads").valueStream().map(h -> h.get("head").asInt()).toList());
        for (JsonNode head : map.get("heads")) {
            assertEquals(0.6, head.get("density").asDouble(), 1e-9);
            assertEquals(1, head.get("largest").asDouble(), 1e-5, "the first token has but itself");
            assertEquals(0, head.get("rest").asDouble(), 1e-5);
        }
    }

    /** In an encoder every token sees every other. */
    @Test
    void encodersHaveMapsToo() throws IOException {
        Path bert = RandomBert.write(directory.resolve("bert.gguf"));
        Path picture = directory.resolve("bert.html");
        String out = Cli.run(
                        "attention", "--model", bert, "--prompt", "ab ba", "--backend", "reference", "--out", picture)
                .done();
        assertTrue(out.startsWith("layer 0, "), out);
        assertTrue(out.contains("100% of all pairs have a weight"), out);
        assertTrue(Files.readString(picture).contains("[CLS]"), "tokens by their text");
    }

    @Test
    void badInputIsALine() {
        Path picture = directory.resolve("none.html");
        attention("--tokens", "5", "--out", "map.gif")
                .assertRefused("attention4j: map.gif: expected a file that ends in .html or .png");
        attention("--out", picture)
                .assertRefused("attention4j: got no prompt, expected one of --prompt, --prompt-file and --tokens");
        attention("--tokens", "5,300", "--out", picture)
                .assertRefused("attention4j: --tokens: got 300, expected ids from 0 to 299");
        attention("--tokens", "5", "--layers", "2", "--out", picture)
                .assertRefused("attention4j: layers: got 2, expected 0 to 1");
        attention("--tokens", "5", "--heads", "1-4", "--out", picture)
                .assertRefused("attention4j: heads: got 4, expected 0 to 3");
        attention("--tokens", "5", "--heads", "3-1", "--out", picture)
                .assertRefusedLike("attention4j: .*--heads.*: got 3-1, expected numbers and ranges such as 0,3-5 .*");
        attention("--tokens", "5").assertRefusedLike("attention4j: Missing required option: '--out=FILE' .*");
        attention("--tokens", "5", "--out", directory.resolve("none/map.png"))
                .assertRefusedLike("attention4j: .*none/map.png: there is no folder .*none");
        attention("--tokens", ids(65), "--out", picture)
                .assertRefusedLike("attention4j: context length: got 65, expected 1 to 64, .*");
        assertFalse(Files.exists(picture));
    }

    @Test
    void longPromptsAreALine() {
        Cli.run("attention", "--tokens", ids(513), "--out", directory.resolve("none.html"))
                .assertRefused("attention4j: attention maps: got 513 tokens, expected 1 to 512: take a shorter prompt");
    }

    private static String ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "5").collect(Collectors.joining(","));
    }

    private static Cli.Result attention(Object... more) {
        Object[] args = new Object[3 + more.length];
        Object[] first = {"attention", "--model", model};
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Cli.run(args);
    }
}
