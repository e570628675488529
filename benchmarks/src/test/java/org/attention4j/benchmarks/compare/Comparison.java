package org.attention4j.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * What {@link Compare} printed and returned.
 *
 * @param err without how the rounds went
 */
record Comparison(int exitCode, String out, String err, List<String> progress) {
    private static final String COMPLAINT = "compare: ";

    /** Compares what a plan with this text says. */
    static Comparison run(LoadMeter meter, Path directory, String plan, Object... options) throws IOException {
        Path file = Files.writeString(directory.resolve("plan.json"), plan);
        List<String> args = new ArrayList<>(List.of(file.toString()));
        for (Object option : options) {
            args.add(option.toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Compare.commandLine(meter);
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int exitCode = command.execute(args.toArray(String[]::new));
        List<String> lines = err.toString().lines().toList();
        return new Comparison(
                exitCode,
                out.toString(),
                String.join(
                        "\n",
                        lines.stream().filter(l -> l.startsWith(COMPLAINT)).toList()),
                lines.stream().filter(l -> !l.startsWith(COMPLAINT)).toList());
    }

    /** A plan of contestants that a shell runs: pairs of a name and a script, whose figure {@code speed} follows "speed ". */
    static String plan(String... namesAndScripts) {
        List<String> contestants = new ArrayList<>();
        for (int i = 0; i < namesAndScripts.length; i += 2) {
            contestants.add("""
                    {"name": "%s", "command": ["sh", "-c", "%s"], "figures": {"speed": {"regex": "speed ([0-9.]+)"}}}
                    """.formatted(namesAndScripts[i], namesAndScripts[i + 1]));
        }
        return """
               {"figures": {"speed": {"unit": "tokens/s"}}, "contestants": [%s]}
               """.formatted(String.join(", ", contestants));
    }

    /** Checks that all rounds were kept, and returns standard output. */
    String done() {
        assertEquals(0, exitCode, () -> err + progress);
        assertEquals("", err);
        return out;
    }

    /** Checks that it ended so, with one sentence. */
    void assertFailed(int code, String sentence) {
        assertEquals(COMPLAINT + sentence, err);
        assertEquals(code, exitCode);
    }

    /** Checks that it ended so, with a sentence that matches. */
    void assertFailedLike(int code, String pattern) {
        assertTrue(err.matches(COMPLAINT + pattern), err);
        assertEquals(code, exitCode);
    }
}
