package org.attention4j.onnx.mla;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session does with its state holds for caches of latent vectors, of which ONNX Runtime sees only the beginning. */
class LatentSessionTest {
    private static final float TOLERANCE = 1e-4f;
    private static final int CONTEXT = 200;
    private static final int VOCAB = 13;
    private static final int HIDDEN = 16;
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);
    private static final DecoderModel MODEL = model();

    /** More than one run of a prompt, and more than one size of what is seen of the cache. */
    private static final int[] TOKENS =
            IntStream.range(0, 150).map(i -> i * i % VOCAB).toArray();

    private static DecoderModel model() {
        RopeConfig rope = new RopeConfig(100, 4, RopeStyle.INTERLEAVED, new RopeScaling.Default());
        MlaMixer mixer =
                new MlaMixer(MlaConfig.of(HIDDEN, 3, 6, 5, 8, rope, 1e-6).withQLoraRank(7));
        Map<String, Tensor> weights = new HashMap<>();
        weights.put("embed.weight", random("embed.weight", List.of((long) VOCAB, (long) HIDDEN)));
        for (int i = 0; i < 2; i++) {
            for (ParameterSpec p : mixer.parameters()) {
                String name = "layers." + i + ".mixer." + p.name();
                weights.put(name, random(name, p.dims()));
            }
        }
        return new DecoderModel(
                new ModelInfo("latent", "", VOCAB, HIDDEN, CONTEXT),
                name -> Optional.ofNullable(weights.get(name)),
                (m, tokens) -> m.embedding("embed", tokens),
                IntStream.range(0, 2)
                        .mapToObj(i -> new DecoderLayer("layers." + i, mixer, (m, x) -> m.add(x, m.mix("mixer", x))))
                        .toList(),
                (m, x) -> m.linear("embed", x));
    }

    private static Tensor random(String name, List<Long> dims) {
        Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
        return RandomTensors.normal(name.hashCode(), 1 / Math.sqrt((double) shape.dim(-1)), shape);
    }

    @AfterAll
    static void close() {
        REFERENCE.close();
        ONNX.close();
    }

    static Stream<Backend> backends() {
        return Stream.of(REFERENCE, ONNX);
    }

    private static CompiledModel compile(Backend backend) {
        return CompiledModel.compile(MODEL, backend, CompileOptions.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void longPromptsGiveTheSameLogitsOnBoth(Backend backend) {
        try (CompiledModel judge = compile(REFERENCE);
                CompiledModel model = compile(backend);
                Session expected = judge.newSession(CONTEXT);
                Session actual = model.newSession(CONTEXT)) {
            assertArrayEquals(
                    expected.score(TOKENS).toFloatArray(), actual.score(TOKENS).toFloatArray(), TOLERANCE);
            assertArrayEquals(
                    expected.decode(3).toFloatArray(), actual.decode(3).toFloatArray(), TOLERANCE);
            assertEquals(2 * CONTEXT * 12 * 4, actual.stateBytes());
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void tokensCanBeTakenBack(Backend backend) {
        try (CompiledModel model = compile(backend);
                Session session = model.newSession(CONTEXT);
                Session control = model.newSession(CONTEXT)) {
            session.prefill(TOKENS);
            assertTrue(session.truncate(60));
            control.prefill(Arrays.copyOf(TOKENS, 60));
            assertArrayEquals(
                    control.prefill(1, 2, 3).toFloatArray(),
                    session.prefill(1, 2, 3).toFloatArray(),
                    TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aForkGoesItsOwnWay(Backend backend) {
        try (CompiledModel model = compile(backend);
                Session session = model.newSession(CONTEXT);
                Session control = model.newSession(CONTEXT)) {
            session.prefill(TOKENS);
            control.prefill(TOKENS);
            try (Session fork = session.fork()) {
                fork.prefill(0, 0, 0);
                assertEquals(TOKENS.length + 3, fork.position());
            }
            assertArrayEquals(
                    control.decode(2).toFloatArray(), session.decode(2).toFloatArray(), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSavedSessionGoesOnOnTheOtherBackend(Backend backend) throws IOException {
        try (CompiledModel model = compile(backend);
                CompiledModel elsewhere = compile(backend.equals(ONNX) ? REFERENCE : ONNX);
                Session session = model.newSession(CONTEXT)) {
            session.prefill(TOKENS);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            session.save(out);
            try (Session resumed = elsewhere.restoreSession(new ByteArrayInputStream(out.toByteArray()), CONTEXT)) {
                assertEquals(TOKENS.length, resumed.position());
                assertArrayEquals(
                        session.prefill(5, 6, 7).toFloatArray(),
                        resumed.prefill(5, 6, 7).toFloatArray(),
                        TOLERANCE);
            }
        }
    }
}
