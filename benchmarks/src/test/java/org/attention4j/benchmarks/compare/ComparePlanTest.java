package org.attention4j.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no plans: where they are wrong, and what was expected there. */
class ComparePlanTest {
    private static final String PLAN = """
            {
              "figures": {"speed": {"unit": "tokens/s", "larger_is_better": true}},
              "rounds": 3, "timeout_seconds": 60, "pause_seconds": 0,
              "contestants": [
                {"name": "a", "ours": true, "command": ["a"], "directory": "b", "environment": {"X": ""},
                 "figures": {"speed": {"from": "stderr", "json": "/x", "numerator": 1000}}},
                {"name": "b", "command": ["b", ""], "figures": {"speed": {"file": "out", "regex": "(.)"}}}
              ]
            }
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "rounds": 3 | "rounds": 0 | /rounds: got 0, expected an integer from 1 to 1000
                    "rounds": 3 | "round": 3 | /round: got 3, expected none but the keys contestants, figures, pause_seconds, rounds, timeout_seconds
                    "timeout_seconds": 60 | "timeout_seconds": "60" | /timeout_seconds: got "60", expected a number from 0.001 to 1000000.0
                    "unit": "tokens/s" | "unit": " " | /figures/speed/unit: got " ", expected a string that is not blank
                    "larger_is_better": true | "larger_is_better": 1 | /figures/speed/larger_is_better: got 1, expected true or false
                    {"name": "a" | 5, {"name": "a" | /contestants/0: got 5, expected an object
                    "name": "a", | `` | /contestants/0/name: got nothing, expected a string
                    "name": "b" | "name": "a" | /contestants/1/name: got "a", expected a name that no other contestant has
                    "name": "b" | "name": "b", "ours": true | /contestants/1/ours: got true, expected false: contestant 0 is ours already
                    ["a"] | "a -b" | /contestants/0/command: got "a -b", expected an array of at least 1
                    ["b", ""] | ["b", 1] | /contestants/1/command/1: got 1, expected a string
                    {"X": ""} | {"X": null} | /contestants/0/environment/X: got null, expected a string
                    "speed": {"from" | "sped": {"from" | /contestants/0/figures/sped: got an object of 3, expected one of the figures speed
                    "from": "stderr" | "from": "log" | /contestants/0/figures/speed/from: got "log", expected stdout or stderr
                    "file": "out" | "file": "out", "from": "stdout" | /contestants/1/figures/speed/from: got "stdout", expected nothing beside "file"
                    "json": "/x" | "json": "x" | /contestants/0/figures/speed/json: got "x", expected a JSON pointer such as /results/0/median
                    "json": "/x", | `` | /contestants/0/figures/speed: got an object of 2, expected one of the keys json, json_line, regex
                    "(.)" | "." | /contestants/1/figures/speed/regex: got ".", expected a regular expression with one group
                    "(.)" | "(." | /contestants/1/figures/speed/regex: got "(.", expected a regular expression, but Unclosed group near index 2
                    "numerator": 1000 | "numerator": 0 | /contestants/0/figures/speed/numerator: got 0, expected a number from 2.2250738585072014E-308 to 1.7976931348623157E308
                    """)
    void wrongPlacesAreNamed(String right, String wrong, String complaint) throws IOException {
        assertTrue(PLAN.contains(right), right);
        refused(PLAN.replace(right, wrong), "at " + complaint);
    }

    @Test
    void brokenDocumentsAreRefused() throws IOException {
        refused("[]", "at the top: got an array of 0, expected an object");
        refused("", "at the top: got nothing, expected an object");
        Comparison.run(new ScriptedMeter(), directory, PLAN.replace("60,", "60"))
                .assertFailedLike(2, ".*plan.json: at line 3, column \\d+: .*, expected JSON");
        Comparison.run(new ScriptedMeter(), directory, PLAN.replace("\"rounds\": 3", "\"figures\": 3"))
                .assertFailedLike(
                        2, ".*plan.json: at line 3, column \\d+: .*[Dd]uplicate.*\"figures\".*, expected JSON");
    }

    private void refused(String plan, String complaint) throws IOException {
        Comparison.run(new ScriptedMeter(), directory, plan)
                .assertFailed(2, directory.resolve("plan.json") + ": " + complaint);
    }

    @Test
    void readsAllThatAPlanSays() throws IOException {
        Path file = Files.writeString(directory.resolve("right.json"), PLAN);
        Plan plan = PlanReader.read(file);
        assertEquals(Duration.ofSeconds(60), plan.timeout());
        assertEquals(3, plan.rounds().orElseThrow());
        assertEquals("a", plan.ours().name());
        assertEquals(Path.of("b"), plan.ours().directory().orElseThrow());
    }

    @Test
    void theSampleIsAPlan() throws IOException {
        Plan plan = PlanReader.read(Path.of("compare-peers.json"));
        assertEquals("attention4j", plan.ours().name());
        assertEquals(5, plan.contestants().size());
    }
}
