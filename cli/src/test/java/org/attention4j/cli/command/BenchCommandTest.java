package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
    @TempDir
    private static Path directory;

    private static Path model = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        model = RandomModels.tiny(directory);
    }

    @Test
    void measuresPromptsAndGenerationAtEachDepth() throws IOException {
        Path json = directory.resolve("bench.json");
        Cli.Result result = bench("-p", 4, "-n", 2, "-d", "0,3", "-r", 3, "--json", json);
        assertTrue(result.done().contains("prefill 4"), result.out());
        JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
        assertEquals(model.toString(), report.get("model").asString());
        assertEquals("reference", report.get("backend").asString());
        assertEquals(4, report.get("results").size());
        for (int i = 0; i < 4; i++) {
            JsonNode r = report.get("results").get(i);
            assertEquals(i % 2 == 0 ? 4 : 0, r.get("prompt").asInt());
            assertEquals(i % 2 == 0 ? 0 : 2, r.get("generate").asInt());
            assertEquals(i < 2 ? 0 : 3, r.get("depth").asInt());
            assertTrue(r.get("min").asDouble() > 0);
            assertTrue(r.get("min").asDouble() <= r.get("median").asDouble());
            assertTrue(r.get("median").asDouble() <= r.get("max").asDouble());
        }
    }

    @Test
    void jsonWithoutAFileReplacesTheText() {
        JsonNode report = JsonMapper.shared()
                .readTree(bench("-p", 0, "-n", 1, "-r", 1, "--json").done());
        assertEquals(1, report.get("results").size());
    }

    @Test
    void measuresTwoModelsInTurns() throws IOException {
        Path other = RandomModels.tiny(directory, "other.gguf", DType.Q8_0);
        Path json = directory.resolve("compared.json");
        Cli.Result result = bench("-p", 4, "-n", 2, "-r", 2, "--against", other, "--json", json);
        assertTrue(result.done().contains(" of " + other), result.out());
        assertTrue(result.out().contains(" times as fast "), result.out());
        JsonNode against = JsonMapper.shared().readTree(Files.readString(json)).get("against");
        assertEquals(other.toString(), against.get("model").asString());
        assertEquals(2, against.get("results").size());
        JsonNode ratio = against.get("ratios").get(1);
        assertTrue(ratio.get("min").asDouble() > 0);
        assertTrue(ratio.get("min").asDouble() <= ratio.get("median").asDouble());
        assertTrue(ratio.get("median").asDouble() <= ratio.get("max").asDouble());
    }

    @Test
    void measuresWaysToComputeAnOpInTurns() {
        Cli.Result result = Cli.run(
                "bench",
                "--model",
                model,
                "--backend",
                "onnx",
                "--setting",
                "activations=exact",
                "-p",
                4,
                "-n",
                0,
                "-r",
                1,
                "--against-pin",
                "rms_norm=decomposed");
        assertTrue(result.done().contains(" with {rms_norm=decomposed}"), result.out());
        assertTrue(result.out().contains(" times as fast "), result.out());
    }

    @Test
    void unknownLoweringsAndSettingsAreErrors() {
        Cli.run("bench", "--model", model, "--backend", "onnx", "-p", 4, "-n", 0, "--pin", "rms_norm=best")
                .assertRefusedLike(".*: rms_norm can't be lowered to the pinned best: there is none of this name, but"
                        + " rms_normalization or decomposed");
        Cli.run("bench", "--model", model, "--backend", "onnx", "-p", 4, "-n", 0, "--setting", "speed=high")
                .assertRefused(
                        "attention4j: onnx: unknown setting speed; known are [activations, generated, profile, spinning, weights]");
    }

    @Test
    void badNumbersAreErrors() {
        bench("-r", 0).assertRefused("attention4j: -r: got 0, expected 1 to 16777216");
        bench("-d", -1).assertRefused("attention4j: -d: got -1, expected 0 to 16777216");
        bench("-p", 0, "-n", 0).assertRefused("attention4j: bench: nothing to measure, expected a positive -p or -n");
        bench("-p", 65, "-n", 0)
                .assertRefused("attention4j: context length: got 65, expected 1 to 64, which %s was trained for"
                        .formatted(model));
    }

    private static Cli.Result bench(Object... more) {
        Object[] first = {"bench", "--model", model, "--backend", "reference"};
        Object[] args = new Object[first.length + more.length];
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Cli.run(args);
    }
}
