package org.attention4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Runs samples in this process, on ONNX Runtime unless they are told otherwise. */
public final class SampleRun {
    private SampleRun() {}

    /** The lines that a sample prints. */
    public static List<String> lines(String name, String... args) throws IOException {
        Sample sample = Samples.find(name);
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        sample.run(Arguments.parse(sample, args), out);
        out.flush();
        return text.toString().lines().toList();
    }

    /** Checks that a sample prints these lines and no others. */
    public static void assertPrints(String expected, String name, String... args) throws IOException {
        assertEquals(expected.strip(), String.join("\n", lines(name, args)));
    }
}
