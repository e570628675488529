package org.attention4j.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.attention4j.core.backend.Progress;

/**
 * Shows on standard error what a backend does that takes long. A terminal has one line, which is written anew and vanishes; in a file
 * there is a line for the first of many alike.
 */
public final class ProgressLine implements Progress {
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;

    /** @param terminal whether {@code err} is one */
    public ProgressLine(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Whether this process's standard error is a terminal; no where that can't be known. */
    public static boolean isTerminal() {
        try {
            String device = Path.of("/dev/stderr").toRealPath().toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void begin(String what, int number, int total) {
        if (terminal) {
            err.print("%s%s (%d of %d) ...".formatted(ERASE, what, number, total));
        } else if (number == 1) {
            err.println("%s, the first of %d ...".formatted(what, total));
        }
        err.flush();
    }

    @Override
    public void end() {
        if (terminal) {
            err.print(ERASE);
            err.flush();
        }
    }
}
