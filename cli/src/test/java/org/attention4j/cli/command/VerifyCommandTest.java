package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.cli.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerifyCommandTest {
    @TempDir
    private Path golden;

    @Test
    void whatAgreesPassesAndWhatIsUnknownIsSkippedWithAReason() throws IOException {
        new SmallGolden(golden).write(0);
        List<String> lines = verify().done().lines().toList();
        assertEquals("ops/1 twiddle: skipped: no adapter for op twiddle", lines.get(0));
        assertTrue(lines.get(1).startsWith("models/tiny tiny: skipped: "), lines.get(1));
        assertTrue(lines.get(1).contains("the architecture is 'homemade', expected one of "), lines.get(1));
        assertEquals("2 passed, 0 failed, 2 skipped", lines.get(2));
        assertEquals(3, lines.size());
    }

    @Test
    void aLogitOutOfToleranceFails() throws IOException {
        new SmallGolden(golden).write(0.01f);
        Cli.Result result = verify();
        assertEquals(1, result.exitCode());
        List<String> lines = result.out().lines().toList();
        assertTrue(
                lines.get(2)
                        .startsWith("gguf/tiny tiny: failed: max error 1.0e-02, tolerance 1.0e-04 + 1.0e-04·|y|: "
                                + "at once: logits[12, 299] is "),
                lines.get(2));
        assertEquals("1 passed, 1 failed, 2 skipped", lines.getLast());
    }

    @Test
    void casesAreChosenByKindFamilyAndName() throws IOException {
        new SmallGolden(golden).write(0);
        assertEquals("2 passed, 0 failed, 0 skipped", lastLine("--kind", "gguf"));
        assertEquals("0 passed, 0 failed, 1 skipped", lastLine("--kind", "op"));
        assertEquals("0 passed, 0 failed, 1 skipped", lastLine("--family", "toys"));
        assertEquals("0 passed, 0 failed, 1 skipped", lastLine("--op", "twiddle"));
        assertEquals("2 passed, 0 failed, 1 skipped", lastLine("--op", "tiny"));
        verify("--family", "games")
                .assertRefused("attention4j: %s: no case is chosen by these options".formatted(golden));
    }

    @Test
    void jsonHasEveryCase() throws IOException {
        new SmallGolden(golden).write(0.01f);
        Path file = golden.resolve("result.json");
        assertEquals(1, verify("--json", file).exitCode());
        JsonNode report = JsonMapper.shared().readTree(Files.readString(file));
        assertEquals("reference", report.get("backend").asString());
        assertEquals(1, report.get("passed").asInt());
        assertEquals(1, report.get("failed").asInt());
        assertEquals(2, report.get("skipped").asInt());
        JsonNode failed = report.get("cases").get(2);
        assertEquals("gguf/tiny", failed.get("id").asString());
        assertEquals("gguf", failed.get("kind").asString());
        assertEquals("failed", failed.get("outcome").asString());
        assertEquals(0.01, failed.get("maxError").asDouble(), 1e-4);
        assertTrue(report.get("cases").get(0).get("maxError").isNull());
    }

    @Test
    void aMissingIndexIsAnErrorOfOneLine() {
        verify().assertRefused("attention4j: %s: no such file, expected the index of recorded cases"
                .formatted(golden.resolve("index.jsonl")));
    }

    @Test
    void withoutCasesItTellsWhatTheyMayBe() {
        Cli.run("verify")
                .assertRefused("attention4j: got no cases, expected one of --golden, --onnx-node and --onnx-graphs");
    }

    @Test
    void aFolderOfTheResultThatIsNotThereIsToldBeforeAnythingRuns() {
        Path result = golden.resolve("none").resolve("result.json");
        verify("--json", result)
                .assertRefused("attention4j: --json %s: there is no folder %s (see attention4j verify --help)"
                        .formatted(result, golden.resolve("none")));
    }

    private String lastLine(Object... more) {
        return verify(more).done().lines().toList().getLast();
    }

    private Cli.Result verify(Object... more) {
        Object[] first = {"verify", "--golden", golden, "--backend", "reference"};
        Object[] args = new Object[first.length + more.length];
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Cli.run(args);
    }
}
