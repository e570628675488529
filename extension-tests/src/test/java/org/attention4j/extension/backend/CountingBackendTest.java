package org.attention4j.extension.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.api.Test;

class CountingBackendTest {
    private static final int VOCAB = 10;
    private static final int HIDDEN = 8;
    private static final int[] PROMPT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0};

    /** One layer of windowed attention. */
    private static DecoderModel model() {
        AttentionSpec spec = AttentionSpec.causal(1, 1, HIDDEN).withWindow(3);
        AttentionMixer mixer = new AttentionMixer(AttentionConfig.of(HIDDEN, spec));
        return new DecoderModel(
                new ModelInfo("counted", "", VOCAB, HIDDEN, 32),
                name -> name.endsWith(".weight") ? Optional.of(weight(name)) : Optional.empty(),
                (m, tokens) -> m.embedding("tokens", tokens),
                List.of(new DecoderLayer("layer", mixer, (m, x) -> m.add(x, m.mix("attn", x)))),
                (m, x) -> m.linear("tokens", x));
    }

    private static Tensor weight(String name) {
        int rows = name.equals("tokens.weight") ? VOCAB : HIDDEN;
        return RandomTensors.normal(name.hashCode(), 0.3, Shape.of(rows, HIDDEN));
    }

    private static CountingBackend create() {
        return assertInstanceOf(CountingBackend.class, Backends.create("counting", BackendOptions.DEFAULT));
    }

    @Test
    void isFoundByNameButIsNotTheDefault() {
        assertTrue(Backends.providers().stream().anyMatch(p -> p.name().equals("counting")));
        try (Backend named = create();
                Backend usual = Backends.createDefault(BackendOptions.DEFAULT)) {
            assertEquals("abacus", named.device().id());
            assertEquals("onnx", usual.name());
        }
    }

    @Test
    void isListedWhereAnUnknownOneWasAskedFor() {
        BackendException e = assertThrows(
                BackendException.class,
                () -> Backends.create("abakus", BackendOptions.DEFAULT).close());
        assertEquals("unknown backend abakus; known are counting, onnx, reference", e.getMessage());
    }

    @Test
    void sessionsFeedItInPiecesOfItsOwnSize() {
        try (CountingBackend counting = create();
                Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledModel counted = CompiledModel.compile(model(), counting, CompileOptions.DEFAULT);
                CompiledModel judge = CompiledModel.compile(model(), reference, CompileOptions.DEFAULT);
                Session actual = counted.newSession(32);
                Session expected = judge.newSession(32)) {
            assertArrayEquals(
                    expected.prefill(PROMPT).toFloatArray(),
                    actual.prefill(PROMPT).toFloatArray(),
                    1e-6f);
            assertEquals(3, counting.runs(), "4 + 4 + 2 tokens");
            actual.decode(5);
            assertEquals(4, counting.runs());
            assertEquals(2L * (3 + 3) * HIDDEN * 4, actual.stateBytes(), "a window of 3 and a slack of 3 tokens");
        }
    }

    @Test
    void plansBearItsName() {
        try (CountingBackend counting = create();
                CompiledModel model = CompiledModel.compile(model(), counting, CompileOptions.DEFAULT)) {
            Plan plan = model.plan();
            assertEquals("counting", plan.backend());
            assertTrue(plan.choices().stream().anyMatch(c -> c.op().equals("cached_attention")));
        }
    }
}
