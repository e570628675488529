package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomBert;
import org.attention4j.cli.report.Units;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ExampleCommandTest {
    @TempDir
    private Path folder;

    @Test
    void listsAllSamples() {
        List<String> lines = Cli.run("example", "--list").done().lines().toList();
        assertEquals(
                Samples.all().stream().map(Sample::name).toList(),
                lines.stream().map(l -> l.substring(0, l.indexOf(' '))).toList());
        assertTrue(
                lines.contains("two_sessions   forks a session, and runs both at once on two threads from one model"));
    }

    @Test
    void runsOneAndPrintsItsResultAlone() {
        Cli.Result result = Cli.run("example", "two_sessions", "--backend", "onnx", "--model", "builtin:stories");
        assertEquals(
                List.of(
                        "one session: Question: Where did Tom find the kite? Answer: behind the house.",
                        "its fork: Question: What did Tom want to be? Answer: a doctor."),
                result.done().lines().skip(1).limit(2).toList());
        assertEquals("", result.err());
    }

    @Test
    void tellsASamplesOptions() {
        assertEquals(
                List.of(
                        "example depth [--models A,B] [--out FILE.png|FILE.html] [--backend NAME]",
                        "draws the time of a token by how many came before it, for several models"),
                Cli.run("example", "depth", "--help").done().lines().toList());
    }

    @Test
    void anEncoderMakesTheVectors() throws IOException {
        Path model = RandomBert.write(folder.resolve("bert.gguf"));
        List<String> lines = Cli.run("example", "embed", "--model", model, "a b", "b b b", "a b")
                .done()
                .lines()
                .toList();
        assertEquals(List.of("3 vectors of 16 entries; cosine with: a b", " 1.000  a b"), lines.subList(0, 2));
        List<double[]> vectors = Cli.run("embed", "--model", model, "a b", "b b b")
                .done()
                .lines()
                .map(ExampleCommandTest::vector)
                .toList();
        double expected = product(vectors.get(0), vectors.get(1))
                / Math.sqrt(product(vectors.get(0), vectors.get(0)) * product(vectors.get(1), vectors.get(1)));
        assertEquals(Units.format("%6.3f  b b b", expected), lines.get(2));
    }

    private static double[] vector(String line) {
        return JsonMapper.shared().readValue(line, double[].class);
    }

    private static double product(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    @Test
    void wrongUsageIsRefused() {
        String usage = "attention4j: example: expected --list, or the name of a sample and its arguments";
        Cli.run("example").assertRefused(usage);
        Cli.run("example", "--list", "mha").assertRefused(usage);
        Cli.run("example", "attention")
                .assertRefusedLike("attention4j: example: there is no attention, expected one of chat, .*, mha, .*");
        Cli.run("example", "mha", "--fast")
                .assertRefused(
                        "attention4j: example mha: got --fast, expected [--count QUESTIONS] [--depth TOKENS] [--backend NAME]");
        Cli.run("example", "mha", "--backend", "abacus").assertRefusedLike("attention4j: unknown backend abacus; .*");
        Cli.run("example", "stream", "--model", "nowhere.gguf")
                .assertRefusedLike("attention4j: .*nowhere.gguf: no such file or directory");
    }
}
