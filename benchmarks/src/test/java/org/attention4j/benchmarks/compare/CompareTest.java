package org.attention4j.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contestants are shell scripts, each of which appends a line to a file and so knows which run it is. */
@DisabledOnOs(OS.WINDOWS)
class CompareTest {
    @TempDir
    private Path directory;

    /** A script that tells one of these figures in each run. */
    private String telling(String name, int... figures) {
        StringBuilder cases = new StringBuilder();
        for (int i = 0; i < figures.length; i++) {
            cases.append("%d) echo speed %d;; ".formatted(i + 1, figures[i]));
        }
        return "cd '%s'; echo %s >> order; case $(grep -c '^%s$' order) in %sesac"
                .formatted(directory, name, name, cases);
    }

    private List<String> order() throws IOException {
        return Files.readAllLines(directory.resolve("order"));
    }

    @Test
    void printsMediansRatiosAndRanges() throws IOException {
        String plan = Comparison.plan("ours", telling("a", 30, 20, 10), "peer|1", telling("b", 10, 40, 1));
        Comparison result = Comparison.run(new ScriptedMeter(0.01, 0.05), directory, plan, "--rounds", 3);
        assertEquals("""
                | | speed, tokens/s | ratio |
                | --- | --- | --- |
                | ours | 20.0 (10.0 to 30.0) | |
                | peer\\|1 | 10.0 (1.00 to 40.0) | 3.00 (0.50 to 10.00) |

                Medians (and ranges) of 3 rounds; ours ÷ the other in each round. Discarded: 0. Foreign load at most 0.05 cores.
                """, result.done());
        assertEquals(List.of("a", "b", "b", "a", "b", "a"), order());
    }

    @Test
    void anotherThanTheFirstCanBeOurs() throws IOException {
        String plan = Comparison.plan("peer", telling("a", 30, 20), "mine", telling("b", 60, 80))
                .replace("\"name\": \"mine\"", "\"name\": \"mine\", \"ours\": true");
        String table = Comparison.run(new ScriptedMeter(), directory, plan, "--rounds", 2)
                .done();
        assertTrue(table.contains("| peer | 25.0 (20.0 to 30.0) | 3.00 (2.00 to 4.00) |"), table);
        assertTrue(table.contains("| mine | 70.0 (60.0 to 80.0) | |"), table);
    }

    @Test
    void repeatsRoundsWithForeignLoad() throws IOException {
        String plan = Comparison.plan("ours", telling("a", 7, 1000, 8, 9), "peer", telling("b", 5, 4, 3));
        Path json = directory.resolve("result.json");
        ScriptedMeter meter = new ScriptedMeter(0.0, 0.5, 0.3, 0.1, 0.1, 0.2, 0.2);
        Comparison result =
                Comparison.run(meter, directory, plan, "--rounds", 2, "--max-foreign", 0.25, "--json", json);
        assertTrue(result.done().contains("| ours | 8.50 (8.00 to 9.00) | |"), result.out());
        assertTrue(result.out().contains("Discarded: 2. Foreign load at most 0.20 cores."), result.out());
        // The second is cut short; a round in a discarded one's place has its order.
        assertEquals(List.of("a", "b", "a", "a", "b", "b", "a"), order());
        assertTrue(
                result.progress()
                        .contains("round 1: discarded, foreign load above 0.25 cores (2 discarded, at most 2)"),
                () -> String.join("\n", result.progress()));

        JsonNode rounds = JsonMapper.shared().readTree(Files.readString(json)).get("rounds");
        assertEquals("1 false, 1 false, 1 true, 2 true", numbersAndKept(rounds));
        assertEquals(1000, rounds.get(1).at("/runs/0/figures/speed").asDouble());
        assertEquals(0.3, rounds.get(1).at("/runs/0/foreignCores").asDouble());
        assertEquals("peer", rounds.get(3).at("/runs/0/contestant").asString());
    }

    private static String numbersAndKept(JsonNode rounds) {
        return String.join(
                ", ",
                rounds.valueStream()
                        .map(round -> round.get("number").asInt() + " "
                                + round.get("kept").asBoolean())
                        .toList());
    }

    @Test
    void tooManyDiscardedRoundsAreAFailureThatLeavesWhatWasKept() throws IOException {
        String plan = Comparison.plan("ours", telling("a", 6, 5, 5), "peer", telling("b", 2, 2, 2));
        Path json = directory.resolve("result.json");
        ScriptedMeter meter = new ScriptedMeter(0.0, 0.0, 0.0, 0.75, 1.5);
        Comparison result = Comparison.run(meter, directory, plan, "--rounds", 2, "--max-discarded", 1, "--json", json);
        String sentence =
                "kept 1 of 2 rounds: 2 were discarded for a foreign load above 0.10 cores (0.75, 1.50), and at most 1"
                        + " may be; close what else runs, or raise --max-foreign or --max-discarded";
        result.assertFailed(1, sentence);
        assertTrue(result.out().contains("| peer | 2.00 (2.00 to 2.00) | 3.00 (3.00 to 3.00) |"), result.out());
        assertEquals(
                sentence,
                JsonMapper.shared()
                        .readTree(Files.readString(json))
                        .get("failure")
                        .asString());
    }

    @Test
    void saysOnceThatForeignLoadIsNotSeen() throws IOException {
        String plan = Comparison.plan("ours", telling("a", 1, 1), "peer", telling("b", 1, 1));
        Comparison result = Comparison.run(ScriptedMeter.blind(), directory, plan, "--rounds", 2);
        assertTrue(result.done().contains("Medians (and ranges) of 2 rounds;"), result.out());
        assertTrue(result.out().endsWith("Discarded: 0. Foreign load unknown.\n"), result.out());
        String said = "there is no /proc/stat that tells what else runs here: all rounds are kept";
        assertEquals(
                1, result.progress().stream().filter(said::equals).count(), () -> String.join("\n", result.progress()));
    }

    @Test
    void jsonTellsTheMachineTheCommandsAndTheResults() throws IOException {
        String plan = """
                {
                  "figures": {"load": {"unit": "s", "larger_is_better": false}, "speed": {"unit": "tokens/s"}},
                  "rounds": 1, "timeout_seconds": 60, "pause_seconds": 0.001,
                  "contestants": [
                    {"name": "ours", "command": ["sh", "-c", "pwd > here; echo \\"speed $SPEED\\"; echo load 2"], "directory": "%s",
                     "environment": {"SPEED": "8"},
                     "figures": {"load": {"regex": "load (.*)"}, "speed": {"regex": "speed (.*)"}}},
                    {"name": "peer", "command": ["echo", "load 8"], "figures": {"load": {"regex": "load (.*)"}}}
                  ]
                }
                """.formatted(directory);
        Path json = directory.resolve("result.json");
        String table = Comparison.run(new ScriptedMeter(), directory, plan, "--json", json)
                .done();
        assertTrue(table.startsWith("| | load, s (less is better) | ratio | speed, tokens/s | ratio |\n"), table);
        assertTrue(table.contains("| peer | 8.00 (8.00 to 8.00) | 0.25 (0.25 to 0.25) | | |\n"), table);
        assertEquals(
                directory.toRealPath().toString(),
                Path.of(Files.readString(directory.resolve("here")).strip())
                        .toRealPath()
                        .toString());

        JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
        assertEquals(
                Runtime.getRuntime().availableProcessors(),
                report.at("/machine/cores").asInt());
        assertTrue(report.at("/machine/jvm").asString().contains(System.getProperty("java.vm.version")));
        assertEquals(
                "{\"rounds\":1,\"maxForeignCores\":0.1,\"maxDiscarded\":1}",
                report.get("limits").toString());
        assertEquals(60, report.get("timeoutSeconds").asDouble());
        assertEquals(
                "[{\"name\":\"load\",\"unit\":\"s\",\"largerIsBetter\":false},"
                        + "{\"name\":\"speed\",\"unit\":\"tokens/s\",\"largerIsBetter\":true}]",
                report.get("figures").toString());
        assertTrue(report.get("failure").isNull());
        JsonNode ours = report.at("/contestants/0");
        assertTrue(ours.get("ours").asBoolean());
        assertEquals("sh", ours.at("/command/0").asString());
        assertEquals(directory.toString(), ours.get("directory").asString());
        assertEquals("8", ours.at("/environment/SPEED").asString());
        assertTrue(ours.at("/results/speed/ratio").isNull());
        JsonNode peer = report.at("/contestants/1");
        assertFalse(peer.get("ours").asBoolean());
        assertEquals(
                "{\"load\":{\"measured\":{\"median\":8.0,\"min\":8.0,\"max\":8.0},"
                        + "\"ratio\":{\"median\":0.25,\"min\":0.25,\"max\":0.25}}}",
                peer.get("results").toString());
    }
}
