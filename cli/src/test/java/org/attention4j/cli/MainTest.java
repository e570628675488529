package org.attention4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void helpListsTheCommands() {
        String help = Cli.run("--help").done();
        for (String command : new String[] {
            "attention",
            "backends",
            "bench",
            "chat",
            "convert",
            "diff",
            "embed",
            "example",
            "experts",
            "generate",
            "inspect",
            "verify"
        }) {
            assertTrue(help.contains("  " + command + " "), command);
        }
    }

    @Test
    void aMissingCommandIsAnErrorThatListsThem() {
        Cli.Result result = Cli.run();
        assertEquals(2, result.exitCode());
        assertTrue(
                result.err().startsWith("attention4j: missing command, expected one of attention, backends, bench,"),
                result.err());
        assertEquals(1, result.err().lines().count());
    }

    @Test
    void anUnknownCommandIsAnErrorThatListsThem() {
        Cli.run("frobnicate", "--fast")
                .assertRefusedLike(
                        "attention4j: unknown command frobnicate, expected one of attention, backends, bench,"
                                + " .* \\(see attention4j --help\\)");
    }

    @Test
    void anUnknownOptionIsAnErrorOfOneLine() {
        Cli.run("generate", "--topp", "1")
                .assertRefused("attention4j: Unknown options: '--topp', '1' (see attention4j generate --help)");
    }

    @Test
    void wordsThatNobodyExpectsAreNamed() {
        Cli.run("generate", "a", "story")
                .assertRefused("attention4j: unexpected 'a', 'story' (see attention4j generate --help)");
    }

    @Test
    void debugShowsWhereAnErrorComesFrom() {
        Cli.Result result = Cli.run("generate", "--debug", "--prompt", "x", "--model", "nowhere.gguf");
        assertTrue(result.err().contains("\tat org.attention4j."), result.err());
    }

    @Test
    void versionTellsItself() {
        assertTrue(Cli.run("--version").done().startsWith("attention4j "));
    }
}
