package org.attention4j.examples.variant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.attention4j.examples.Recorded;
import org.attention4j.examples.SampleRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ChartsTest {
    private static final Pattern BAND = Pattern.compile("(\\w+) +(\\d+ to \\d+|\\d+ and more) +(\\d+) of +(\\d+), .*");
    private static final Pattern DEPTH =
            Pattern.compile("(\\w+) +(\\d+) tokens before it: +([\\d,]+) bytes of state, (\\d+\\.\\d+) ms");

    @TempDir
    private Path directory;

    @Test
    void recallDrawsWhatIsAnswered() throws IOException {
        Path file = directory.resolve("recall.html");
        List<String> lines =
                SampleRun.lines("recall", "--models", "window,mqa", "--count", "30", "--out", file.toString());
        List<MatchResult> bands = matches(BAND, lines.subList(1, lines.size()));
        for (String model : List.of("window", "mqa")) {
            List<MatchResult> own =
                    bands.stream().filter(b -> b.group(1).equals(model)).toList();
            JsonNode recorded = Recorded.variant(model).get("right");
            assertEquals(
                    IntStream.range(0, 30)
                            .filter(i -> recorded.get(i).asBoolean())
                            .count(),
                    own.stream().mapToInt(b -> Integer.parseInt(b.group(3))).sum());
            double[] drawn = drawn(file, model, "y");
            for (int i = 0; i < own.size(); i++) {
                double right = Integer.parseInt(own.get(i).group(3));
                assertEquals(100 * right / Integer.parseInt(own.get(i).group(4)), drawn[i], 1e-9);
            }
        }
        double[] distances = drawn(file, "mqa", "x");
        int[] asked = bands.stream()
                .filter(b -> b.group(1).equals("mqa"))
                .mapToInt(b -> Integer.parseInt(b.group(4)))
                .toArray();
        double sum = IntStream.range(0, asked.length)
                .mapToDouble(i -> distances[i] * asked[i])
                .sum();
        assertEquals(
                Recorded.questions().stream()
                        .limit(30)
                        .mapToInt(q -> q.get("distance").asInt())
                        .sum(),
                sum,
                1e-9);
    }

    @Test
    void depthDrawsWhatIsMeasured() throws IOException {
        Path file = directory.resolve("depth.html");
        List<MatchResult> lines =
                matches(DEPTH, SampleRun.lines("depth", "--models", "window,hybrid", "--out", file.toString()));
        assertEquals(10, lines.size());
        double[] drawn = drawn(file, "hybrid", "y");
        for (int i = 0; i < 5; i++) {
            MatchResult hybrid = lines.get(5 + i);
            assertEquals("hybrid", hybrid.group(1));
            assertEquals(drawn[i], Double.parseDouble(hybrid.group(4)), 0.0006);
            int tokens = Integer.parseInt(hybrid.group(2));
            assertEquals(82_944 + 1024L * tokens, bytes(hybrid), "three layers of one size, one that grows");
            assertEquals(4096L * Math.min(48, tokens), bytes(lines.get(i)), "at most 48 tokens");
        }
        assertTrue(Arrays.stream(drawn).allMatch(ms -> ms > 0));
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void depthTellsBytesAndTimes() throws IOException {
        List<MatchResult> lines = matches(DEPTH, SampleRun.lines("depth", "--models", "window"));
        assertEquals(5, lines.size());
        for (MatchResult line : lines) {
            assertEquals(4096L * Math.min(48, Integer.parseInt(line.group(2))), bytes(line), "at most 48 tokens");
            assertTrue(Double.parseDouble(line.group(4)) > 0, line.group());
        }
    }

    private static long bytes(MatchResult line) {
        return Long.parseLong(line.group(3).replace(",", ""));
    }

    @Test
    void anImageIsOne() throws IOException {
        Path file = directory.resolve("recall.png");
        SampleRun.lines("recall", "--models", "mha", "--count", "2", "--out", file.toString());
        assertTrue(ImageIO.read(file.toFile()).getWidth() > 500);
    }

    @Test
    void anotherFormatIsRefusedBeforeAnythingRuns() {
        Path file = directory.resolve("recall.gif");
        for (String name : List.of("recall", "depth")) {
            var e = assertThrows(IllegalArgumentException.class, () -> SampleRun.lines(name, "--out", file.toString()));
            assertEquals(file + ": expected a file that ends in .html or .png", e.getMessage());
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void aFolderThatIsNotThereIsToldBeforeAnythingRuns() {
        Path file = directory.resolve("none").resolve("recall.png");
        for (String name : List.of("recall", "depth")) {
            var e = assertThrows(
                    IllegalArgumentException.class,
                    () -> SampleRun.lines(name, "--models", "nope", "--out", file.toString()));
            assertEquals(file + ": there is no folder " + file.getParent(), e.getMessage());
        }
    }

    private static List<MatchResult> matches(Pattern pattern, List<String> lines) {
        return lines.stream()
                .map(pattern::matcher)
                .peek(m -> assertTrue(m.matches(), m::toString))
                .map(Matcher::toMatchResult)
                .toList();
    }

    /** The numbers of a line of a chart's page. */
    private static double[] drawn(Path page, String series, String axis) throws IOException {
        Matcher matcher = Pattern.compile("\"name\":\"" + series + "\"[^}]*\"" + axis + "\":\\[([^]]*)]")
                .matcher(Files.readString(page));
        assertTrue(matcher.find(), series);
        return Arrays.stream(matcher.group(1).split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
