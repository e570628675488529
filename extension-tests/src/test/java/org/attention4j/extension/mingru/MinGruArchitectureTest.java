package org.attention4j.extension.mingru;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.attention4j.LanguageModel;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.session.Session;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an architecture from outside open like all others. */
class MinGruArchitectureTest {
    private static final int[] TOKENS = {1, 2, 3, 5, 8, 0, 12};

    @TempDir
    private Path directory;

    @Test
    void isKnown() {
        assertTrue(Architectures.known().containsKey("mingru"));
    }

    @Test
    void aGgufFileTellsItsSizes() throws IOException {
        try (LanguageModel model = LanguageModel.open(MinGruFiles.writeGguf(directory.resolve("tiny.gguf")))) {
            assertEquals(
                    new ModelInfo("mingru", "tiny", MinGruFiles.VOCAB, MinGruFiles.HIDDEN, 64),
                    model.definition().info());
            assertEquals(MinGruFiles.LAYERS, model.definition().layers().size());
            assertEquals("min_gru", model.definition().layers().getFirst().mixer());
        }
    }

    @Test
    void bothFormatsAndBackendsGiveTheSameLogits() throws IOException {
        Path gguf = MinGruFiles.writeGguf(directory.resolve("tiny.gguf"));
        Path safetensors = MinGruFiles.writeDirectory(directory.resolve("tiny"), "");
        float[] expected = logits(gguf, "reference");
        assertEquals(TOKENS.length * MinGruFiles.VOCAB, expected.length);
        assertArrayEquals(expected, logits(safetensors, "reference"), 0);
        assertArrayEquals(expected, logits(gguf, "onnx"), 1e-4f);
        assertArrayEquals(expected, logits(safetensors, "onnx"), 1e-4f);
    }

    /** It was trained for 64 tokens, but remembers as much after any number of them. */
    @Test
    void aContextMayBeLongerThanItWasTrainedFor() throws IOException {
        Path file = MinGruFiles.writeGguf(directory.resolve("tiny.gguf"));
        long trained = stateBytes(file, 64);
        assertEquals(trained, stateBytes(file, 1_000_000));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> stateBytes(file, 0));
        assertEquals("context length: got 0, expected at least 1", e.getMessage());
    }

    private static long stateBytes(Path file, int contextLength) {
        try (LanguageModel model = LanguageModel.builder(file.toString())
                        .backend("reference")
                        .contextLength(contextLength)
                        .open();
                Session session = model.newSession()) {
            session.prefill(TOKENS);
            return session.stateBytes();
        }
    }

    @Test
    void aMissingTensorIsNamedWithItsFile() throws IOException {
        String missing = "model.layers.1.mixer.out.weight";
        Path model = MinGruFiles.writeDirectory(directory.resolve("broken"), missing);
        ModelFormatException e = assertThrows(
                ModelFormatException.class, () -> LanguageModel.open(model).close());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(missing) && message.contains(model.toString()), message);
    }

    private static float[] logits(Path file, String backend) {
        try (LanguageModel model =
                        LanguageModel.builder(file.toString()).backend(backend).open();
                Session session = model.newSession()) {
            return session.score(TOKENS).toFloatArray();
        }
    }
}
