package org.attention4j.cli.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.attention4j.LanguageModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
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
}
