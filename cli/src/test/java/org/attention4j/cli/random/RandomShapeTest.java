package org.attention4j.cli.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.attention4j.LanguageModel;
import org.attention4j.ModelFiles;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RandomShapeTest {
    private static final int VOCABULARY = 300;

    @TempDir
    private Path directory;

    static Stream<RandomShape> recurrences() {
        return Stream.of(
                MambaShape.first(32, 2, 4, 3, VOCABULARY),
                MambaShape.second(32, 2, 8, 4, 2, VOCABULARY),
                new Rwkv7Shape(64, 2, 96, 32, new Rwkv7Shape.Ranks(8, 6, 4, 10), VOCABULARY));
    }

    @ParameterizedTest
    @MethodSource("recurrences")
    void recurrencesAreLoadedAndGiveUsualNumbers(RandomShape shape) throws IOException {
        Path file = directory.resolve("model.gguf");
        shape.random(DType.Q8_0, 1).write(file);
        try (LanguageModel model = LanguageModel.builder(file.toString())
                        .backend("reference")
                        .open();
                Session session = model.newSession()) {
            Tensor logits = session.prefill(1, 7, 200);
            assertEquals(VOCABULARY, logits.shape().elements());
            double squares = 0;
            for (int i = 0; i < VOCABULARY; i++) {
                squares += logits.getDouble(i) * logits.getDouble(i);
            }
            double deviation = Math.sqrt(squares / VOCABULARY);
            assertTrue(deviation > 0.05 && deviation < 5, () -> "the logits' deviation is " + deviation);
        }
    }

    /** What lies behind the window changes nothing, with one layer; what lies in it does. */
    @Test
    void aWindowSeesSoManyTokens() throws IOException {
        Path file = directory.resolve("window.gguf");
        RandomShape.parse("phi3:d=64,layers=1,heads=4,kv=2,ff=96,vocab=300,context=32,window=3")
                .random(DType.Q8_0, 1)
                .write(file);
        try (LanguageModel model =
                LanguageModel.builder(file.toString()).backend("reference").open()) {
            assertEquals(
                    "sliding_window_gqa", model.definition().layers().getFirst().mixer());
            float[] logits = logits(model, 1, 7, 200, 9, 4);
            assertArrayEquals(logits, logits(model, 5, 6, 200, 9, 4), 1e-5f);
            assertTrue(Math.abs(logits[0] - logits(model, 1, 7, 201, 9, 4)[0]) > 1e-4, "the oldest that is seen");
        }
    }

    private static float[] logits(LanguageModel model, int... tokens) {
        try (Session session = model.newSession()) {
            return session.prefill(tokens).toFloatArray();
        }
    }

    @Test
    void withoutAWindowAllTokensAreSeen() throws IOException {
        Path file = directory.resolve("full.gguf");
        RandomShape.parse("phi3:d=64,layers=1,heads=4,vocab=300")
                .random(DType.F16, 1)
                .write(file);
        try (ModelFiles files = ModelFiles.open(file.toString())) {
            assertEquals("mha", files.definition().layers().getFirst().mixer());
        }
    }
}
