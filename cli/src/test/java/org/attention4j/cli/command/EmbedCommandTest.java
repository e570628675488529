package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomBert;
import org.attention4j.cli.RandomModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EmbedCommandTest {
    @TempDir
    private static Path directory;

    private static Path model = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        model = RandomBert.write(directory.resolve("bert.gguf"));
    }

    @Test
    void aLineForEachText() {
        List<String> lines = embed("ab ba", "a").done().lines().toList();
        assertEquals(2, lines.size());
        JsonNode vector = JsonMapper.shared().readTree(lines.getLast());
        assertEquals(16, vector.size());
        double squares = IntStream.range(0, 16)
                .mapToDouble(i -> vector.get(i).asDouble())
                .map(x -> x * x)
                .sum();
        assertEquals(1, squares, 1e-5, "vectors of GGUF files have the length 1");
    }

    @Test
    void linesOfAFileAreTexts() throws IOException {
        Path file = directory.resolve("texts.txt");
        Files.writeString(file, "ab ba\na\n");
        assertEquals(embed("ab ba", "a").done(), embed("--input", file).done());
    }

    @Test
    void jsonTellsHowTheVectorsWereMade() {
        JsonNode report = JsonMapper.shared()
                .readTree(embed("--json", "--pooling", "max", "--no-normalize", "--tokens", "2,4,3")
                        .done());
        assertEquals("max", report.get("pooling").asString());
        assertFalse(report.get("normalized").asBoolean());
        assertEquals(16, report.get("dimension").asInt());
        JsonNode entry = report.get("embeddings").get(0);
        assertEquals(3, entry.get("tokens").asInt());
        assertFalse(entry.get("truncated").asBoolean());
        assertEquals(16, entry.get("vector").size());
    }

    @Test
    void longTextsAreReported() {
        Cli.Result result = embed("--max-tokens", 3, "ab ba ab", "a");
        assertEquals(2, result.done().lines().count());
        assertEquals(
                "attention4j: text 1 has more than 3 tokens, the rest was not read" + System.lineSeparator(),
                result.err());
    }

    @Test
    void badInputIsRefused() throws IOException {
        embed().assertRefused("attention4j: got no text, expected one of TEXT, --input and --tokens");
        embed("--tokens", 1, "a")
                .assertRefused("attention4j: got texts in 2 ways, expected one of TEXT, --input and --tokens");
        embed("--pooling", "pooler", "a")
                .assertRefused("attention4j: bert: the pooling is POOLER, but the model has no pooler");
        embed("--max-tokens", 33, "a")
                .assertRefusedLike(".*most tokens of a text: got 33, expected 1 to 32, which .* can read");
        Path decoder = RandomModels.tiny(directory);
        Cli.run("embed", "--model", decoder, "a")
                .assertRefusedLike(".*llama tells the next token, expected an encoder.*");
    }

    @Test
    void otherCommandsKnowEncoders() {
        Cli.run("generate", "--model", model, "--prompt", "a")
                .assertRefusedLike(".*bert is an encoder: it gives vectors and can't generate text; use embed");
        String inspected =
                Cli.run("inspect", "--model", model, "--backend", "reference").done();
        assertTrue(inspected.contains("mha  2 heads of 8, 2 kv, bidirectional  none"), inspected);
        assertTrue(inspected.contains("1 × pool"), inspected);
        String agreed = Cli.run("diff", "--model", model, "--backend", "reference", "--tokens", "2,4,3")
                .done();
        assertTrue(agreed.contains("values agree on reference and reference"), agreed);
    }

    private static Cli.Result embed(Object... more) {
        Object[] first = {"embed", "--model", model, "--backend", "reference"};
        Object[] args = new Object[first.length + more.length];
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Cli.run(args);
    }
}
