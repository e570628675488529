package org.attention4j.extension.mingru;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.state.Storage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A model of layers from outside and layers of the project, through the usual sessions. */
class HybridSessionTest {
    private static final float TOLERANCE = 1e-4f;
    private static final int CONTEXT = 200;
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    /** More than one chunk of a prompt on ONNX Runtime. */
    private static final int[] TOKENS =
            IntStream.range(0, 150).map(i -> i * i % HybridModel.VOCAB).toArray();

    private static final int[] SHORT = Arrays.copyOf(TOKENS, 12);

    @AfterAll
    static void close() {
        REFERENCE.close();
        ONNX.close();
    }

    static Stream<Arguments> backendsAndForms() {
        return Stream.of(REFERENCE, ONNX)
                .flatMap(b -> Stream.of(Form.RECURRENT, Form.CHUNKED).map(form -> Arguments.of(b, form)));
    }

    static Stream<Backend> backends() {
        return Stream.of(REFERENCE, ONNX);
    }

    private static CompiledModel compile(Backend backend, Form form) {
        return CompiledModel.compile(HybridModel.of(form), backend, CompileOptions.DEFAULT);
    }

    private static CompiledModel compile(Backend backend) {
        return compile(backend, Form.RECURRENT);
    }

    @ParameterizedTest
    @MethodSource("backendsAndForms")
    void everyBackendAndFormGivesTheSameLogits(Backend backend, Form form) {
        try (CompiledModel judge = compile(REFERENCE);
                CompiledModel model = compile(backend, form);
                Session expected = judge.newSession(CONTEXT);
                Session actual = model.newSession(CONTEXT)) {
            assertArrayEquals(
                    expected.score(TOKENS).toFloatArray(), actual.score(TOKENS).toFloatArray(), TOLERANCE);
            assertArrayEquals(
                    expected.decode(3).toFloatArray(), actual.decode(3).toFloatArray(), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("backendsAndForms")
    void prefillGivesWhatTokenByTokenGives(Backend backend, Form form) {
        try (CompiledModel model = compile(backend, form);
                Session whole = model.newSession(CONTEXT);
                Session steps = model.newSession(CONTEXT)) {
            float[] expected = whole.prefill(SHORT).toFloatArray();
            float[] last = new float[0];
            for (int token : SHORT) {
                last = steps.decode(token).toFloatArray();
            }
            assertArrayEquals(expected, last, TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void forkGoesItsOwnWay(Backend backend) {
        try (CompiledModel model = compile(backend);
                Session session = model.newSession(CONTEXT);
                Session control = model.newSession(CONTEXT)) {
            session.prefill(SHORT);
            control.prefill(SHORT);
            try (Session fork = session.fork()) {
                fork.prefill(0, 0, 0);
                assertEquals(SHORT.length + 3, fork.position());
            }
            assertArrayEquals(
                    control.decode(2).toFloatArray(), session.decode(2).toFloatArray(), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aRecurrentStateCanOnlyBeTakenBackToTheBeginning(Backend backend) {
        try (CompiledModel model = compile(backend);
                Session session = model.newSession(CONTEXT);
                Session control = model.newSession(CONTEXT)) {
            session.prefill(SHORT);
            control.prefill(SHORT);
            assertFalse(session.truncate(SHORT.length - 1));
            assertEquals(SHORT.length, session.position());
            float[] expected = control.decode(2).toFloatArray();
            assertArrayEquals(expected, session.decode(2).toFloatArray(), 0, "a refused truncation changes nothing");
            assertTrue(session.truncate(0));
            session.prefill(SHORT);
            assertArrayEquals(expected, session.decode(2).toFloatArray(), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSavedSessionGoesOnOnTheOtherBackend(Backend backend) throws IOException {
        Backend other = backend.equals(ONNX) ? REFERENCE : ONNX;
        try (CompiledModel model = compile(backend, Form.RECURRENT);
                CompiledModel elsewhere = compile(other, Form.CHUNKED);
                Session session = model.newSession(CONTEXT)) {
            session.prefill(SHORT);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            session.save(out);
            try (Session resumed = elsewhere.restoreSession(new ByteArrayInputStream(out.toByteArray()), CONTEXT)) {
                assertEquals(SHORT.length, resumed.position());
                assertArrayEquals(
                        session.prefill(5, 6, 7).toFloatArray(),
                        resumed.prefill(5, 6, 7).toFloatArray(),
                        TOLERANCE);
            }
        }
    }

    @Test
    void recurrentStatesTakeTheSameMemoryWhateverTheContext() {
        ModelDefinition model = HybridModel.of(Form.RECURRENT);
        assertEquals(HybridModel.STATE * 4L, model.layers().getFirst().state().bytes(1_000_000, Storage.EXACT));
        long perToken = 2L * 2 * 8 * 4;
        assertEquals(2 * HybridModel.STATE * 4L + (CONTEXT + 5) * perToken, model.stateBytes(CONTEXT, Storage.EXACT));
    }

    @Test
    void plansTellOfOpsFromOutside() {
        assertEquals(List.of("decomposed", "decomposed"), choices(REFERENCE, "positive_activation"));
        assertEquals(List.of("max_of_both", "max_of_both"), choices(ONNX, "positive_activation"));
        assertEquals(List.of("form_by_length", "form_by_length"), choices(ONNX, "gated_recurrence"));
    }

    private static List<String> choices(Backend backend, String op) {
        try (CompiledModel model = compile(backend)) {
            return model.plan().choices().stream()
                    .filter(c -> c.op().equals(op))
                    .map(Plan.Choice::lowering)
                    .toList();
        }
    }
}
