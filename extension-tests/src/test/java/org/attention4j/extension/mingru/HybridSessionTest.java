package org.attention4j.extension.mingru;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.attention4j.testkit.RandomDecoder;
import org.attention4j.testkit.SessionCase;
import org.attention4j.testkit.SessionLaws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of layers from outside and layers of the project, through the usual sessions. */
class HybridSessionTest extends SessionLaws {
    private static final int CONTEXT = 200;

    HybridSessionTest() {
        super("onnx", "reference");
    }

    @Override
    protected Stream<SessionCase> cases() {
        return Stream.of(Form.RECURRENT, Form.CHUNKED)
                .map(form -> SessionCase.recurrent(form.toString(), HybridModel.of(form)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "onnx"})
    void everyFormGivesTheSameLogits(String backendName) {
        int[] tokens =
                IntStream.range(0, 150).map(i -> i * i % RandomDecoder.VOCAB).toArray();
        try (Backend backend = Backends.create(backendName, BackendOptions.DEFAULT);
                CompiledModel steps = compile(backend, Form.RECURRENT);
                CompiledModel chunks = compile(backend, Form.CHUNKED);
                Session expected = steps.newSession(CONTEXT);
                Session actual = chunks.newSession(CONTEXT)) {
            assertArrayEquals(
                    expected.score(tokens).toFloatArray(), actual.score(tokens).toFloatArray(), tolerance());
            assertArrayEquals(
                    expected.decode(3).toFloatArray(), actual.decode(3).toFloatArray(), tolerance());
        }
    }

    @Test
    void recurrentStatesTakeTheSameMemoryWhateverTheContext() {
        ModelDefinition model = HybridModel.of(Form.RECURRENT);
        assertEquals(HybridModel.STATE * 4L, model.layers().getFirst().state().bytes(1_000_000, Storage.EXACT));
        long perToken = 2L * 2 * 8 * 4;
        assertEquals(2 * HybridModel.STATE * 4L + (CONTEXT + 5) * perToken, model.stateBytes(CONTEXT, Storage.EXACT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "onnx"})
    void plansTellOfOpsFromOutside(String backendName) {
        boolean onnx = backendName.equals("onnx");
        try (Backend backend = Backends.create(backendName, BackendOptions.DEFAULT);
                CompiledModel model = compile(backend, Form.RECURRENT)) {
            String activation = onnx ? "max_of_both" : "decomposed";
            assertEquals(List.of(activation, activation), choices(model, "positive_activation"));
            if (onnx) {
                assertEquals(List.of("form_by_length", "form_by_length"), choices(model, "gated_recurrence"));
            }
        }
    }

    private static CompiledModel compile(Backend backend, Form form) {
        return CompiledModel.compile(HybridModel.of(form), backend, CompileOptions.DEFAULT);
    }

    private static List<String> choices(CompiledModel model, String op) {
        return model.plan().choices().stream()
                .filter(c -> c.op().equals(op))
                .map(Plan.Choice::lowering)
                .toList();
    }
}
