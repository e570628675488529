package org.attention4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.testkit.SessionCase;
import org.attention4j.testkit.SessionCases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported models of every kind of state, run by ONNX Runtime alone, against the reference backend. */
class OnnxExportTest {
    /** Sums of F32 in another order; logits are about 1. */
    private static final float TOLERANCE = 2e-4f;

    private static final int[] TOKENS = {3, 17, 8, 22, 1, 0, 13, 13, 5, 9, 20, 2, 11};

    @TempDir
    private Path folder;

    static Stream<SessionCase> cases() {
        return SessionCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void runsAloneInPiecesWithStates(SessionCase c) throws IOException, OrtException {
        float[][] expected = reference(c.model());
        Path file = export(c.model());
        try (PlainDecoder decoder = new PlainDecoder(file, 2)) {
            int at = 0;
            for (int n : new int[] {7, 1, 1, 4}) {
                float[][][] logits = decoder.run(Arrays.copyOfRange(TOKENS, at, at + n));
                for (int i = 0; i < n; i++) {
                    assertArrayEquals(expected[at + i], logits[0][i], TOLERANCE, "token " + (at + i));
                    assertArrayEquals(expected[at + i], logits[1][i], TOLERANCE, "second sequence, token " + (at + i));
                }
                at += n;
            }
        }
    }

    /** The second of two sequences has two tokens fewer, and padding before them. */
    @Test
    void paddingBeforeASequenceChangesNothing() throws IOException, OrtException {
        for (String name : List.of("GQA", "windows", "MLA")) {
            ModelDefinition model = SessionCases.all()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .model();
            float[][] expected = reference(model);
            try (PlainDecoder decoder = new PlainDecoder(export(model), 2)) {
                float[][][] prompt = decoder.run(
                        new long[][] {{3, 17, 8, 22, 1, 0, 13}, {0, 0, 3, 17, 8, 22, 1}},
                        new long[][] {{1, 1, 1, 1, 1, 1, 1}, {0, 0, 1, 1, 1, 1, 1}},
                        new long[][] {{0, 1, 2, 3, 4, 5, 6}, {0, 0, 0, 1, 2, 3, 4}});
                float[][][] next = decoder.run(
                        new long[][] {{13}, {0}},
                        new long[][] {{1, 1, 1, 1, 1, 1, 1, 1}, {0, 0, 1, 1, 1, 1, 1, 1}},
                        new long[][] {{7}, {5}});
                for (int i = 0; i < 5; i++) {
                    assertArrayEquals(expected[i], prompt[0][i], TOLERANCE, name);
                    assertArrayEquals(expected[i], prompt[1][2 + i], TOLERANCE, name);
                }
                assertArrayEquals(expected[7], next[0][0], TOLERANCE, name);
                assertArrayEquals(expected[5], next[1][0], TOLERANCE, name);
            }
        }
    }

    private Path export(ModelDefinition model) throws IOException {
        Path file = folder.resolve("model.onnx");
        OnnxExport.write(model, file, new OnnxExport.Options(TOKENS.length, false, Map.of()));
        return file;
    }

    private static float[][] reference(ModelDefinition model) {
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledModel compiled = CompiledModel.compile(model, backend, CompileOptions.DEFAULT);
                Session session = compiled.newSession(TOKENS.length)) {
            float[] all = session.score(TOKENS).toFloatArray();
            int vocab = all.length / TOKENS.length;
            float[][] rows = new float[TOKENS.length][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(all, i * vocab, (i + 1) * vocab);
            }
            return rows;
        }
    }
}
