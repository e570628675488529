package org.attention4j.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Contestants that don't do what they are to do. */
@DisabledOnOs(OS.WINDOWS)
class CompareFailuresTest {
    private static final String GOOD = "echo speed 1";

    @TempDir
    private Path directory;

    private Comparison compare(String plan) throws IOException {
        return Comparison.run(new ScriptedMeter(), directory, plan, "--rounds", 2);
    }

    private Comparison compare(String ours, String peer) throws IOException {
        return compare(Comparison.plan("ours", ours, "peer", peer));
    }

    @Test
    void anExitCodeIsToldWithTheLastLinesOfStderr() throws IOException {
        Comparison result =
                compare(GOOD, "for i in 1 2 3 4 5 6 7; do echo speed $i; echo line $i >&2; done; echo >&2; exit 3");
        result.assertFailed(
                1,
                "peer, round 1: ended with exit code 3; stderr ends with: line 3 | line 4 | line 5 | line 6 | line 7");
        assertEquals("", result.out());
    }

    @Test
    void aFailureLeavesTheRoundsBeforeIt() throws IOException {
        String once = "cd '%s'; mkdir once && echo speed 4".formatted(directory);
        Comparison result = compare(GOOD, once);
        result.assertFailedLike(1, "peer, round 2: ended with exit code 1; stderr ends with: mkdir: .*once.*");
        assertTrue(result.out().contains("| peer | 4.00 (4.00 to 4.00) | 0.25 (0.25 to 0.25) |"), result.out());
    }

    @Test
    void whatCanNotBeStartedIsNamed() throws IOException {
        compare(Comparison.plan("ours", GOOD, "peer", GOOD).replaceFirst("\"sh\"", "\"no-such-program\""))
                .assertFailedLike(1, "ours, round 1: can't be started: .*no-such-program.*");
    }

    @Test
    void missingFiguresSayWhereTheyWereLookedFor() throws IOException {
        compare(GOOD, "echo fast; echo speeding >&2")
                .assertFailed(
                        1,
                        "peer, round 1: ended with exit code 0, but without the figure speed: stdout does not match the regular"
                                + " expression speed ([0-9.]+); stderr ends with: speeding");
        compare(GOOD, "echo speed 0.0")
                .assertFailed(
                        1,
                        "peer, round 1: ended with exit code 0, but without the figure speed: stdout has \"0.0\" at the regular"
                                + " expression speed ([0-9.]+), expected a positive number; nothing is on stderr,"
                                + " stdout ends with: speed 0.0");
    }

    @Test
    void aTimeoutEndsAllProcesses() throws IOException {
        // The middle process ends, so the last one's parent is no longer ours; it is known since it was seen before.
        String script =
                "cd '%s'; sh -c 'sleep 600 & echo $! > orphan; sleep 1' & sleep 600 & echo $! > child; sleep 600"
                        .formatted(directory);
        Comparison result = compare(
                Comparison.plan("ours", script, "peer", GOOD).replaceFirst("\\{", "{\"timeout_seconds\": 2.5, "));
        result.assertFailed(1, "ours, round 1: was ended after 2.5 s; it printed nothing");
        assertFalse(runs("child"));
        assertFalse(runs("orphan"));
    }

    @Test
    void whatACommandLeavesRunningIsEnded() throws IOException {
        String script = "cd '%s'; sleep 600 & echo $! > left; sleep 1; echo speed 2".formatted(directory);
        compare(script, GOOD).done();
        assertFalse(runs("left"));
    }

    private boolean runs(String file) throws IOException {
        long pid = Long.parseLong(Files.readString(directory.resolve(file)).strip());
        return ProcessHandle.of(pid).map(ProcessTree::runs).orElse(false);
    }

    @Test
    void badOptionsAreRefusedBeforeAnythingRuns() throws IOException {
        String plan = Comparison.plan("ours", "exit 1", "peer", GOOD);
        refused(plan, "--rounds: got 0, expected 1 to 1000 (see --help)", "--rounds", 0);
        refused(plan, "--max-foreign: got -1.0, expected 0 or more (see --help)", "--max-foreign", -1);
        refused(plan, "--max-discarded: got -1, expected 0 or more (see --help)", "--max-discarded", -1);
        Path nowhere = directory.resolve("nowhere").resolve("result.json");
        refused(
                plan,
                "--json: got %s, expected a file in a directory that is there (see --help)".formatted(nowhere),
                "--json",
                nowhere);
    }

    private void refused(String plan, String sentence, Object... options) throws IOException {
        Comparison result = Comparison.run(new ScriptedMeter(), directory, plan, options);
        result.assertFailed(2, sentence);
        assertTrue(result.progress().isEmpty(), () -> String.join("\n", result.progress()));
    }
}
