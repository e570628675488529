package org.attention4j.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.attention4j.benchmarks.compare.FigureSource.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonPointer;

/** Figures in what programs print. */
class CompareFigureSourceTest {
    @TempDir
    private Path directory;

    private double read(Extraction extraction, double numerator, String stdout)
            throws IOException, MissingFigureException {
        FigureSource source = new FigureSource(
                new Origin.Stdout(), extraction, numerator > 0 ? OptionalDouble.of(numerator) : OptionalDouble.empty());
        CommandOutput output = new CommandOutput(contestant(source), directory);
        Files.writeString(output.stdout(), stdout);
        return source.read(output);
    }

    private Contestant contestant(FigureSource source) {
        return new Contestant("a", List.of("a"), Optional.of(directory), Map.of(), Map.of("speed", source));
    }

    private static Extraction json(String pointer, boolean lastLine) {
        return new Extraction.Json(JsonPointer.compile(pointer), lastLine);
    }

    @Test
    void readsLlamaBench() throws IOException, MissingFigureException {
        String printed =
                "[\n  {\"n_prompt\": 512, \"n_gen\": 0, \"avg_ts\": 179.5},\n  {\"n_prompt\": 0, \"n_gen\": 64, \"avg_ts\": 15.25}\n]\n";
        assertEquals(179.5, read(json("/0/avg_ts", false), 0, printed));
        assertEquals(15.25, read(json("/1/avg_ts", false), 0, printed));
    }

    @Test
    void readsTheLastLineOfJson() throws IOException, MissingFigureException {
        String printed = "loading\n{\"speed\": 1}\n{\"speed\": \"2.5\"}\nbye\n";
        assertEquals(2.5, read(json("/speed", true), 0, printed));
        assertMissing("stdout has no line of JSON", json("/speed", true), "speed 1");
    }

    @Test
    void theLastMatchCounts() throws IOException, MissingFigureException {
        Extraction rate = new Extraction.LastMatch(Pattern.compile("generation: ([0-9.]+)"));
        assertEquals(13.31, read(rate, 0, "generation: 2.00 tokens/s\ngeneration: 13.31 tokens/s\n"));
    }

    @Test
    void aRateIsTheNumeratorByATime() throws IOException, MissingFigureException {
        Extraction time = new Extraction.LastMatch(Pattern.compile("gen ([0-9.]+)ms per token"));
        assertEquals(4, read(time, 1000, "elapsed: 11s, prompt 38.0ms per token, gen 250.0ms per token"));
    }

    @Test
    void saysWhatIsThereInstead() {
        assertMissing("stdout has no number at /0/avg_ts", json("/0/avg_ts", false), "{}");
        assertMissing("stdout has no number at /a", json("/a", false), "{\"a\": null}");
        assertMissing("stdout has no number at /a", json("/a", false), "{\"a\": []}");
        assertMissing("stdout has \"NaN\" at /a, expected a positive number", json("/a", false), "{\"a\": \"NaN\"}");
        assertMissing("stdout has \"fast\" at /a, expected a positive number", json("/a", false), "{\"a\": \"fast\"}");
        assertMissing(
                "stdout does not match the regular expression a(b)?",
                new Extraction.LastMatch(Pattern.compile("a(b)?")),
                "a");
        MissingFigureException e =
                assertThrows(MissingFigureException.class, () -> read(json("/a", false), 0, "speed: 1"));
        assertEquals("stdout is not JSON: ", String.valueOf(e.getMessage()).substring(0, 20));
    }

    private void assertMissing(String complaint, Extraction extraction, String stdout) {
        MissingFigureException e = assertThrows(MissingFigureException.class, () -> read(extraction, 0, stdout));
        assertEquals(complaint, e.getMessage());
    }

    @Test
    void aFileOfAnEarlierRunDoesNotCount() throws IOException, MissingFigureException {
        FigureSource source = new FigureSource(
                new Origin.Written(Path.of("result.json")), json("/speed", false), OptionalDouble.empty());
        Path file = directory.resolve("result.json");
        CommandOutput first = new CommandOutput(contestant(source), directory);
        assertEquals(
                file + " was not written",
                assertThrows(MissingFigureException.class, () -> source.read(first))
                        .getMessage());
        Files.writeString(file, "{\"speed\": 3}");
        assertEquals(3, source.read(first));
        CommandOutput second = new CommandOutput(contestant(source), directory);
        assertEquals(
                file + " was not written",
                assertThrows(MissingFigureException.class, () -> source.read(second))
                        .getMessage());
    }
}
