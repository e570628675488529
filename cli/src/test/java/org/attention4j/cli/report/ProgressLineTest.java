package org.attention4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static String shown(boolean terminal) {
        StringWriter text = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(text), terminal);
        line.begin("compiling kernel map", 1, 2);
        line.end();
        line.begin("compiling kernel linear", 2, 2);
        line.end();
        return text.toString();
    }

    @Test
    void aTerminalHasOneLineThatVanishes() {
        String erase = "\r\u001b[K";
        assertEquals(
                erase + "compiling kernel map (1 of 2) ..." + erase + erase + "compiling kernel linear (2 of 2) ..."
                        + erase,
                shown(true));
    }

    @Test
    void aFileHasALineForTheFirst() {
        assertEquals("compiling kernel map, the first of 2 ..." + System.lineSeparator(), shown(false));
    }
}
