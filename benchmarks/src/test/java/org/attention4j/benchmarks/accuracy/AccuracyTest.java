package org.attention4j.benchmarks.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.LanguageModel;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AccuracyTest {
    private static final String STORY =
            "Once upon a time there was a brave girl named Lily. She had a friend named Tom.";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine command = Accuracy.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(args);
    }

    @Test
    void theEmbeddedModelIsNearTheReference() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), STORY + "\n\nOne day, Tom lost\nhis ball.\n\n\n");
        assertEquals(
                0,
                run("--text", text.toString(), "--way", "onnx", "--way", "reference", "builtin:stories"),
                err::toString);
        assertTrue(err.toString().matches("accuracy: builtin:stories: [1-9]\\d tokens of 2 texts\\R"), err::toString);
        List<String> lines = out.toString().lines().toList();
        assertEquals(5, lines.size(), out::toString);
        double expected;
        try (LanguageModel model =
                LanguageModel.builder("builtin:stories").backend("reference").open()) {
            var first = model.score(STORY);
            var second = model.score("One day, Tom lost\nhis ball.");
            expected = Math.exp(-(first.logLikelihood() + second.logLikelihood()) / (first.tokens() + second.tokens()));
        }
        assertEquals(expected, Double.parseDouble(cells(lines.get(2)).get(5)), 1e-4);
        List<String> onnx = cells(lines.get(3));
        assertEquals("`onnx`", onnx.get(2));
        double greatest = Double.parseDouble(onnx.get(3));
        double mean = Double.parseDouble(onnx.get(4));
        assertTrue(mean > 0 && mean <= greatest && greatest < 1e-2, lines.get(3));
        assertEquals(expected, Double.parseDouble(onnx.get(5)), 1e-2 * expected);
        assertEquals(List.of("0.0e+00", "0.0e+00"), cells(lines.get(4)).subList(3, 5));
        assertEquals("100.00 %", cells(lines.get(4)).get(7));
    }

    private static List<String> cells(String row) {
        return Splitter.on('|').trimResults().splitToList(row);
    }

    /** Two tokens of a vocabulary of two. The second's logits are in another order, and off by 3 and 1 of at most 4. */
    @Test
    void differencesAreThoseOfLogits() {
        Difference d = Difference.between(logits(0, 0, 1, 1), logits(0, 0, 4, 0));
        assertEquals(0.75, d.greatest(), 1e-9);
        assertEquals(0.25, d.mean(), 1e-9);
        assertEquals(2, d.perplexity(), 1e-9);
        double reference = Math.exp((Math.log(2) + Math.log(1 + Math.exp(4))) / 2);
        assertEquals(2 / reference - 1, d.perplexityChange(), 1e-9);
        assertEquals(1, d.sameTop());
        assertEquals(
                0.5, Difference.between(logits(0, 1, 1, 0), logits(1, 0, 1, 0)).sameTop());
    }

    private static Logits logits(float... values) {
        return new Logits(
                ImmutableList.of(new Logits.OfText(ImmutableIntArray.of(0, 1), Tensor.f32(Shape.of(2, 2), values))));
    }

    @Test
    void waysAreReadAsTheyAreWritten() {
        String text = "onnx activations=exact pin:linear=matmul_nbits";
        assertEquals(text, Way.parse(text).toString());
        assertThrows(IllegalArgumentException.class, () -> Way.parse("onnx exact"));
        assertThrows(IllegalArgumentException.class, () -> Way.parse(" "));
    }

    @Test
    void aWayThatCannotBeRunIsToldAndOthersGoOn() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), STORY);
        assertEquals(1, run("--text", text.toString(), "--way", "abacus", "--way", "reference", "builtin:mqa"));
        assertTrue(err.toString().contains("accuracy: builtin:mqa, abacus: unknown backend abacus"), err::toString);
        assertEquals(4, out.toString().lines().count());
    }

    @Test
    void allUsualWaysThatAreReadyAreRun() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "Tom lost his ball.");
        assertEquals(0, run("--text", text.toString(), "builtin:mqa"), err::toString);
        assertTrue(out.toString().contains("| builtin:mqa | `onnx generated=false` |"), out::toString);
        assertTrue(err.toString().contains("pin:linear=matmul_nbits: model.layers.0"), "F16 weights: " + err);
    }

    @Test
    void badInputIsOneSentence() throws IOException {
        assertEquals(2, run("--text", directory.resolve("none").toString(), "builtin:stories"));
        assertEquals("accuracy: " + directory.resolve("none") + ": no such file or directory\n", err.toString());
        Path empty = Files.writeString(directory.resolve("empty"), "\n\n");
        assertEquals(2, run("--text", empty.toString(), "builtin:stories"));
    }
}
