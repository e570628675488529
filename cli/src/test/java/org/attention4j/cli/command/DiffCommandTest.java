package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DiffCommandTest {
    @TempDir
    private static Path directory;

    private static Path model = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        model = RandomModels.tiny(directory);
    }

    @Test
    void aBackendAgreesWithItself() {
        String out = diff("reference").done();
        assertTrue(out.matches("\\d+ values agree on reference and reference; .*\\R"), out);
    }

    @Test
    void namesTheFirstOpThatDiffers() {
        Cli.Result result = diff("faulty");
        assertEquals(1, result.exitCode());
        assertTrue(
                result.out()
                        .startsWith("first difference: model.layers.1/gated_mlp (gated_mlp → decomposed), tokens from 0"
                                + " on: |x - y| is 0.250 at [0, 0, 5]"),
                result.out());
        assertEquals("making a mistake, the first of 3 ..." + System.lineSeparator(), result.err());
    }

    @Test
    void jsonHasAllValues() {
        JsonNode report = JsonMapper.shared().readTree(diff("faulty", "--json").out());
        assertEquals(
                "model.layers.1/gated_mlp", report.get("first").get("value").asString());
        assertEquals(0.25, report.get("first").get("maxError").asDouble(), 1e-6);
        assertEquals(report.get("values").asInt(), report.get("differences").size());
        assertEquals("embedding", report.get("differences").get(0).get("value").asString());
    }

    @Test
    void everyValueCanBePrinted() {
        String out = diff("reference", "--all").done();
        assertTrue(out.lines().count() > 20, out);
        assertTrue(out.startsWith("ok   0.00 ("), out);
    }

    @Test
    void idsOutsideTheVocabularyAreErrors() {
        Cli.run("diff", "--model", model, "--tokens", "1,300", "--backend", "reference")
                .assertRefused("attention4j: --tokens: got 300, expected ids from 0 to 299");
    }

    private static Cli.Result diff(String backend, Object... more) {
        Object[] args = new Object[7 + more.length];
        Object[] first = {"diff", "--model", model, "--tokens", "5,6,7", "--backend", backend};
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Cli.run(args);
    }
}
