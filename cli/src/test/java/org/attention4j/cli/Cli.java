package org.attention4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs the command in this process. */
public final class Cli {
    /** What a run printed and returned. */
    public record Result(int exitCode, String out, String err) {
        /** Checks that the run was done, and returns its output. */
        public String done() {
            assertEquals(0, exitCode, err);
            return out;
        }

        /** Checks that the input was refused by this line and nothing was printed as a result. */
        public void assertRefused(String line) {
            assertEquals(line + System.lineSeparator(), err);
            assertRefusedLike(".*");
        }

        /** Checks that the input was refused by a line that matches a pattern and nothing was printed as a result. */
        public void assertRefusedLike(String pattern) {
            assertTrue(err.matches(pattern + "\\R"), err);
            assertEquals("", out);
            assertEquals(2, exitCode);
        }
    }

    private Cli() {}

    /** Runs the command with these arguments. */
    public static Result run(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine(words);
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int exitCode = command.execute(words);
        return new Result(exitCode, out.toString(), err.toString());
    }
}
