package org.attention4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.Probe;

/** Runs samples in this process, on the best backend there is unless the build or the test says another. */
public final class SampleRun {
    /** Marks tests that hold on any backend; {@code runtime-tornado} runs these once more, on its own. */
    public static final String ANY_BACKEND = "any_backend";

    private static final Optional<String> CHOSEN =
            Optional.ofNullable(System.getProperty("attention4j.samples.backend"));

    private SampleRun() {}

    /** The backend that samples are tested on: ONNX Runtime, or what the build says. Skips the test if that can't work here. */
    public static String backend() {
        String name = CHOSEN.orElse("onnx");
        Backend.Provider provider = Backends.providers().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not on the class path"));
        if (provider.probe() instanceof Probe.Missing(String reason, String remedy)) {
            abort("%s: %s; %s".formatted(name, reason, remedy));
        }
        return name;
    }

    /** Whether a backend is tested that compiles long, or computes slowly on a processor: less is asked of it then. */
    public static boolean isSlow() {
        return CHOSEN.isPresent();
    }

    /** The lines that a sample prints. */
    public static List<String> lines(String name, String... args) throws IOException {
        Sample sample = Samples.find(name);
        List<String> all = new ArrayList<>(List.of(args));
        if (CHOSEN.isPresent() && !all.contains("--backend")) {
            all.addAll(0, List.of("--backend", backend()));
        }
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        sample.run(Arguments.parse(sample, all.toArray(String[]::new)), out);
        out.flush();
        return text.toString().lines().toList();
    }

    /** Checks that a sample prints these lines and no others. */
    public static void assertPrints(String expected, String name, String... args) throws IOException {
        assertEquals(expected.strip(), String.join("\n", lines(name, args)));
    }
}
