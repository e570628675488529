package org.attention4j.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.attention4j.LanguageModel;
import org.attention4j.ModelFiles;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.ggufmodel.GgufExport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Those embedded models that GGUF can tell compute the same as GGUF files; the others are refused. */
class GgufModelsTest {
    /** Whose weights are F16 in any case. */
    private static final double EXACT = 1e-5;

    /** Of the largest logit: what rounding weights to 8 and to 4 bits may change. */
    private static final double ROUNDED_TO_8_BITS = 0.01;

    private static final double ROUNDED_TO_4_BITS = 0.15;

    /** What GGUF can't tell of a model. */
    private static final ImmutableMap<String, String> REFUSED = ImmutableMap.of(
            "window",
            "as GGUF: layers see the last 48 tokens, and the architecture llama has no sliding window: a file would compute"
                    + " something else",
            "window_sinks",
            "as GGUF: layers see the last 48 tokens and the first 4, and the architecture llama has no sliding window: a file"
                    + " would compute something else",
            "gla",
            "as GGUF: the architecture 'gla' is not one of those that are known here in both formats: bamba, ",
            "gated_deltanet",
            "as GGUF: the architecture 'gated_deltanet' is not one of those");

    private static final List<String> TEXTS = List.of(
            "Once upon a time there was a girl named Lily.\n",
            "",
            " two  spaces\t\ttabs\r\nlines\n\n\n  ",
            "I've 'told 1234567 of them, they're don't WE'LL",
            "naïve Ωμέγα 日本語 한국어 العربية हिन्दी 👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 \u00a0\u3000x",
            "<|begin_of_text|>a<|end_of_text|>");

    @TempDir
    private Path folder;

    static Stream<String> told() {
        return Recorded.variants().stream()
                .map(r -> r.get("model").asString())
                .filter(name -> !REFUSED.containsKey(name));
    }

    @ParameterizedTest
    @MethodSource("told")
    void computesTheSame(String name) throws IOException {
        double[] expected;
        int[] prompt;
        try (LanguageModel model = open("builtin:" + name)) {
            prompt = model.tokenizer()
                    .encode(Recorded.variant(name).get("prompt").asString(), EncodeOptions.PROMPT);
            expected = logits(model, prompt);
        }
        assertTrue(prompt.length > 20, "the prompt is a story");
        assertNear(expected, convert(name, DType.F32), prompt, EXACT);
        assertNear(expected, convert(name, DType.F16), prompt, EXACT);
        assertNear(expected, convert(name, DType.Q8_0), prompt, ROUNDED_TO_8_BITS);
        assertNear(expected, convert(name, DType.Q4_0), prompt, ROUNDED_TO_4_BITS);
    }

    @Test
    void tokenizesTheSame() throws IOException {
        try (LanguageModel files = open("builtin:mqa");
                LanguageModel gguf = open(convert("mqa", DType.F16).toString())) {
            Tokenizer expected = files.tokenizer();
            Tokenizer actual = gguf.tokenizer();
            assertEquals(expected.kind(), actual.kind());
            assertEquals(expected.vocabSize(), actual.vocabSize());
            assertEquals(expected.bosId(), actual.bosId());
            assertEquals(expected.endIds(), actual.endIds());
            for (int id = 0; id < expected.vocabSize(); id++) {
                assertArrayEquals(expected.tokenBytes(id), actual.tokenBytes(id));
                assertEquals(expected.isSpecial(id), actual.isSpecial(id));
            }
            for (String text : TEXTS) {
                for (EncodeOptions options : List.of(EncodeOptions.PROMPT, EncodeOptions.TEMPLATE)) {
                    int[] ids = actual.encode(text, options);
                    assertArrayEquals(expected.encode(text, options), ids, text);
                    assertEquals(expected.decode(ids), actual.decode(ids));
                }
            }
        }
    }

    @Test
    void whatGgufCannotTellIsRefused() {
        REFUSED.forEach((name, expected) -> {
            var error = assertThrows(UnsupportedModelException.class, () -> convert(name, DType.F16));
            String message = Objects.requireNonNull(error.getMessage());
            assertTrue(message.contains(expected), message);
        });
        assertEquals(0, Objects.requireNonNull(folder.toFile().list()).length, "nothing is written");
    }

    @Test
    void saysWhatLlamaCppRefuses() throws IOException {
        assertEquals(
                List.of(
                        "Mamba has 192 channels for a hidden size of 128: llama.cpp opens no such file but with twice as many"),
                remarks("hybrid"));
        assertEquals(List.of(), remarks("gqa"));
    }

    private List<String> remarks(String name) throws IOException {
        try (ModelFiles files = ModelFiles.open("builtin:" + name)) {
            return GgufExport.prepare(files.checkpoint(), files.definition(), DType.F16, folder.resolve(name + ".gguf"))
                    .remarks();
        }
    }

    /** The story model is a GGUF file already. */
    @Test
    void aGgufFileIsRoundedAndNeverReplaced() throws IOException {
        Path eight = convert("stories", DType.Q8_0);
        Path four = folder.resolve("new").resolve("four.gguf");
        try (ModelFiles files = ModelFiles.open(eight.toString())) {
            GgufExport.prepare(files.checkpoint(), files.definition(), DType.Q4_0, four)
                    .write();
            assertTrue(Files.size(four) < 0.7 * Files.size(eight), "it is smaller");
            var error = assertThrows(
                    IllegalArgumentException.class,
                    () -> GgufExport.prepare(files.checkpoint(), files.definition(), DType.Q4_0, eight));
            assertEquals(eight + ": this is the model to convert, expected another file", error.getMessage());
        }
    }

    private Path convert(String name, DType type) throws IOException {
        Path out = folder.resolve(name + "-" + type + ".gguf");
        try (ModelFiles files = ModelFiles.open("builtin:" + name)) {
            GgufExport.prepare(files.checkpoint(), files.definition(), type, out)
                    .write();
        }
        return out;
    }

    private static LanguageModel open(String location) {
        return LanguageModel.builder(location).backend("reference").open();
    }

    private static double[] logits(LanguageModel model, int[] prompt) {
        try (Session session = model.newSession()) {
            Tensor logits = session.prefill(prompt);
            double[] all = new double[(int) logits.shape().elements()];
            for (int i = 0; i < all.length; i++) {
                all[i] = logits.getDouble(i);
            }
            return all;
        }
    }

    /** Checks the logits of a file against others; the tolerance is a part of the largest. */
    private static void assertNear(double[] expected, Path file, int[] prompt, double tolerance) {
        double largest = 0;
        double difference = 0;
        try (LanguageModel model = open(file.toString())) {
            double[] actual = logits(model, prompt);
            assertEquals(expected.length, actual.length);
            for (int i = 0; i < actual.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
            }
        }
        String message = "%s: logits differ by %s of %s".formatted(file.getFileName(), difference, largest);
        assertTrue(difference <= tolerance * largest, message);
    }
}
