package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.tokenizer.Tokenizers;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real trained model tells the story that its authors printed, token by token, greedily. */
class Stories260KTest {
    /** What llama2.c generates at most; it stops before that at the token that begins a text. */
    private static final int STEPS = 256;

    private static final int BEGIN = 1;

    @ParameterizedTest
    @CsvSource({
        "reference, stories260K-f32.gguf",
        "onnx, stories260K-f32.gguf",
        "reference, hf",
        "onnx, hf",
    })
    void tellsThePublishedStory(String backend, String file) throws IOException {
        Path directory = directory();
        try (Tokenizer tokenizer = Tokenizers.ofLlama2c(directory.resolve("tok512.bin"))) {
            int[] ids = generate(directory.resolve(file), backend).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertEquals(expected(directory), tokenizer.decode(ids).strip());
        }
    }

    /** Rounding the weights to 8 bits moves logits by about 0.1, but none of the first 100 choices. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "onnx"})
    void quantisedWeightsTellTheSameBeginning(String backend) {
        Path directory = directory();
        List<Integer> exact = generate(directory.resolve("stories260K-f32.gguf"), backend);
        List<Integer> quantised = generate(directory.resolve("stories260K-q8_0.gguf"), backend);
        assertEquals(exact.subList(0, 100), quantised.subList(0, 100));
    }

    private static Path directory() {
        return GoldenData.assumePresent().directory().resolve("real/stories260K");
    }

    /** The first generated text in the file: what stands between the command at temperature 0 and the end of its block. */
    private static String expected(Path directory) throws IOException {
        String text = Files.readString(directory.resolve("EXPECTED.md"));
        int command = text.indexOf("-t 0.0");
        assertTrue(command > 0, "EXPECTED.md holds no command at temperature 0");
        int begin = text.indexOf('\n', command) + 1;
        return text.substring(begin, text.indexOf("```", begin)).strip();
    }

    private static List<Integer> generate(Path file, String backendName) {
        try (Checkpoint checkpoint = ModelFormats.open(file);
                Backend backend = Backends.create(backendName, BackendOptions.DEFAULT);
                CompiledModel model =
                        CompiledModel.compile(Architectures.define(checkpoint), backend, CompileOptions.DEFAULT);
                Session session = model.newSession(STEPS + 1)) {
            List<Integer> ids = new ArrayList<>();
            int next = best(session.prefill(BEGIN));
            while (next != BEGIN && ids.size() < STEPS) {
                ids.add(next);
                next = best(session.decode(next));
            }
            return ids;
        }
    }

    private static int best(Tensor logits) {
        int best = 0;
        for (int i = 1; i < logits.shape().elements(); i++) {
            if (logits.getDouble(i) > logits.getDouble(best)) {
                best = i;
            }
        }
        return best;
    }
}
