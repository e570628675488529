package org.attention4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.GenerationResult;
import org.attention4j.core.generate.StopReason;
import org.attention4j.core.generate.TextChunk;
import org.attention4j.core.session.Session;
import org.attention4j.loaders.ModelFormatException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageModelTest {
    @TempDir
    private static Path directory;

    private static Path file = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        file = AlphabetModel.write(directory.resolve("alphabet.gguf"));
    }

    @Test
    void generates() {
        try (LanguageModel model = LanguageModel.open(file)) {
            assertEquals("defghijklmnopqrstuvwxyz", model.generate("abc"));
            assertEquals("yz", model.generate("x"), "each prompt begins a new sequence");
        }
    }

    @Test
    void tellsTokensAndStatistics() {
        try (LanguageModel model = LanguageModel.open(file)) {
            GenerationResult result = model.generate("ab", GenerationOptions.DEFAULT.withMaxTokens(3));
            assertEquals("cde", result.text());
            assertEquals(List.of(5, 6, 7), result.tokens());
            assertEquals(StopReason.MAX_TOKENS, result.statistics().stopReason());
            assertEquals(4, result.statistics().promptTokens(), "beginning of sequence, space, a, b");
        }
    }

    @Test
    void streams() {
        StringBuilder text = new StringBuilder();
        try (LanguageModel model = LanguageModel.open(file)) {
            model.stream(
                    "r",
                    GenerationOptions.DEFAULT,
                    chunk -> text.append(chunk.text()).append('|'));
            try (Stream<TextChunk> chunks = model.stream("a", GenerationOptions.DEFAULT).stream()) {
                assertEquals("bc", chunks.limit(2).map(TextChunk::text).reduce("", String::concat));
            }
        }
        assertEquals("s|t|u|v|w|x|y|z|", text.toString());
    }

    @Test
    void generatesOnManyThreads() {
        try (LanguageModel model = LanguageModel.open(file)) {
            assertEquals(
                    List.of("yz", "yz", "yz", "yz"),
                    IntStream.range(0, 4)
                            .parallel()
                            .mapToObj(i -> model.generate("x"))
                            .toList());
        }
    }

    @Test
    void takesBackendAndContextLength() {
        try (LanguageModel model = LanguageModel.builder(file.toString())
                .backend("reference")
                .contextLength(7)
                .open()) {
            assertEquals("reference", model.compiled().plan().backend());
            GenerationResult result = model.generate("abc", GenerationOptions.DEFAULT);
            assertEquals("def", result.text());
            assertEquals(StopReason.CONTEXT_FULL, result.statistics().stopReason());
            var e = assertThrows(IllegalArgumentException.class, () -> model.generate("abcdefg"));
            assertEquals("prompt: got 9 tokens, but only 7 of the context's 7 are free", e.getMessage());
        }
    }

    @Test
    void sessionsAreForThoseWhoCountTokens() {
        try (LanguageModel model = LanguageModel.open(file);
                Session session = model.newSession()) {
            session.prefill(model.tokenizer().encode("abc", true));
            assertEquals(5, session.position());
        }
    }

    @Test
    void scoresAreSumsOfLogProbabilities() {
        try (LanguageModel model = LanguageModel.open(file)) {
            TextScore score = model.score("abd");
            assertEquals(4, score.tokens(), "space, a, b, d");
            assertEquals(stepByStep(model, "abd", 1), score.logLikelihood(), 1e-5);
            assertEquals(Math.exp(-score.logLikelihood() / 4), score.perplexity(), 1e-9);
        }
    }

    @Test
    void scoresOfContinuationsRankThem() {
        try (LanguageModel model = LanguageModel.open(file)) {
            TextScore next = model.score("ab", "cd");
            assertEquals(2, next.tokens());
            assertEquals(stepByStep(model, "abcd", 4), next.logLikelihood(), 1e-5);
            assertEquals(
                    model.score("abcd").logLikelihood(),
                    model.score("ab").logLikelihood() + next.logLikelihood(),
                    1e-5);
            assertTrue(
                    next.logLikelihood() > model.score("ab", "dc").logLikelihood() + 5, "letters follow the alphabet");
            assertEquals(model.score("abc"), model.score("", "abc"), "but for the special token nothing is before it");
        }
    }

    private static double stepByStep(LanguageModel model, String text, int first) {
        int[] ids = model.tokenizer().encode(text, true);
        double sum = 0;
        try (Session session = model.newSession()) {
            for (int i = 0; i < ids.length - 1; i++) {
                float[] logits = session.decode(ids[i]).toFloatArray();
                double all = 0;
                for (float logit : logits) {
                    all += Math.exp(logit);
                }
                sum += i + 1 < first ? 0 : logits[ids[i + 1]] - Math.log(all);
            }
        }
        return sum;
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        try (LanguageModel model =
                LanguageModel.builder(file.toString()).contextLength(7).open()) {
            var none = assertThrows(IllegalArgumentException.class, () -> model.score("ab", ""));
            assertEquals(
                    "score: got 4 tokens and none to count, expected one with a token before it", none.getMessage());
            assertEquals(7, model.score("abcdef").tokens(), "the last one is not given");
            var room = assertThrows(IllegalArgumentException.class, () -> model.score("abcdefg"));
            assertEquals("score: got 8 tokens, but the context has room for 7", room.getMessage());
        }
    }

    @Test
    void closesWhatItOpened() {
        LanguageModel model = LanguageModel.open(file);
        model.close();
        model.close();
        assertThrows(
                IllegalStateException.class,
                () -> model.checkpoint().tensor("output.weight").getDouble(0));
    }

    @Test
    void whatCannotBeOpenedIsAnErrorOfOneLine() throws IOException {
        var missing = assertThrows(ModelFormatException.class, () -> LanguageModel.open(directory.resolve("no.gguf")));
        assertTrue(String.valueOf(missing.getMessage()).endsWith("no.gguf: no such file or directory"));
        var context = assertThrows(
                IllegalArgumentException.class,
                () -> LanguageModel.builder(file.toString()).contextLength(41).open());
        assertEquals(
                "context length: got 41, expected 1 to 40, which %s was trained for".formatted(file),
                context.getMessage());
        assertThrows(
                BackendException.class,
                () -> LanguageModel.builder(file.toString()).backend("abacus").open());
        Path truncated =
                Files.write(directory.resolve("truncated.gguf"), Arrays.copyOf(Files.readAllBytes(file), 2000));
        assertThrows(ModelFormatException.class, () -> LanguageModel.open(truncated));
    }

    @Test
    void takesATokenizerFromElsewhere() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int id = 1; id < 29; id++) {
            lines.append("%d '%c' 2\n".formatted(id, 0x100 + id));
        }
        Path vocabulary = Files.writeString(directory.resolve("rwkv_letters.txt"), lines);
        try (LanguageModel model =
                LanguageModel.builder(file.toString()).tokenizer(vocabulary).open()) {
            assertEquals("RWKV world", model.tokenizer().kind());
            assertEquals(
                    "\u0108\u0109\u010a",
                    model.generate("\u0106\u0107", GenerationOptions.DEFAULT.withMaxTokens(3))
                            .text());
        }
        Path large = Files.writeString(directory.resolve("rwkv_large.txt"), "99 'a' 1\n");
        try (LanguageModel model =
                LanguageModel.builder(file.toString()).tokenizer(large).open()) {
            String message = String.valueOf(
                    assertThrows(ModelFormatException.class, model::tokenizer).getMessage());
            assertTrue(message.contains("rwkv_large.txt") && message.contains("100 tokens"), message);
        }
    }
}
