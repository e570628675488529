package org.attention4j.examples;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The sample programs on the class path. */
public final class Samples {
    private Samples() {}

    /** All of them, by name. */
    public static List<Sample> all() {
        return ServiceLoader.load(Sample.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Sample::name))
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * The sample of this name.
     *
     * @throws IllegalArgumentException if there is none, naming those that there are
     */
    public static Sample find(String name) {
        return all().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("example: there is no %s, expected one of %s"
                        .formatted(name, all().stream().map(Sample::name).collect(Collectors.joining(", ")))));
    }

    /** Runs a sample as a program of its own, from an IDE for example. */
    public static void main(Sample sample, String... args) throws IOException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        sample.run(Arguments.parse(sample, args), out);
        out.flush();
    }
}
