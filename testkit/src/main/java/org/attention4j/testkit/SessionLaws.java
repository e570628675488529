package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a session must fulfil on every backend, whatever its model remembers. Inherit it and give models.
 *
 * <ul>
 *   <li>Prompts: however a prompt is cut, the logits are the same, and those of other backends.
 *   <li>Forks: a fork is the same session, goes its own way, and outlives the session that it came from.
 *   <li>Truncation: a session goes back as far as its states reach, and is then as if nothing had followed; no further, and then
 *       nothing has changed; and always to the beginning.
 *   <li>Saving: a saved session goes on with the same tokens on this and every other backend; a file cut short is refused.
 * </ul>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SessionLaws {
    private static final int GREEDY = 16;

    /** Room for what the laws give a session: one prompt, twice what is generated, and a few more. */
    private static final int SPARE = 3 * GREEDY;

    private final Backend backend;
    private final List<Backend> others = new ArrayList<>();
    private final Map<String, CompiledModel> compiled = new LinkedHashMap<>();

    /**
     * @param backend the name of the backend under test
     * @param others those with which it exchanges saved sessions
     */
    protected SessionLaws(String backend, String... others) {
        this.backend = Backends.create(backend, BackendOptions.DEFAULT);
        for (String other : others) {
            this.others.add(Backends.create(other, BackendOptions.DEFAULT));
        }
    }

    /** The models under test. */
    protected abstract Stream<SessionCase> cases();

    /** The greatest difference of logits allowed, which should be about 1; by default for float32 arithmetic over a few hundred tokens. */
    protected float tolerance() {
        return 1e-4f;
    }

    /** Tokens of a prompt: give more than the backend takes in one run. */
    protected int promptLength() {
        return 150;
    }

    @AfterAll
    void close() {
        compiled.values().forEach(CompiledModel::close);
        others.forEach(Backend::close);
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void promptsMayBeCutAnywhere(SessionCase c) {
        int[] prompt = prompt(c);
        float[] expected = score(c, backend);
        float[] last = lastRow(c, expected);
        for (int first : new int[] {1, prompt.length / 2, prompt.length - 1}) {
            try (Session pieces = newSession(c)) {
                pieces.prefill(Arrays.copyOf(prompt, first));
                assertSame(last, pieces.prefill(Arrays.copyOfRange(prompt, first, prompt.length)), "cut at " + first);
            }
        }
        try (Session steps = newSession(c)) {
            int vocab = last.length;
            for (int i = 0; i < prompt.length; i++) {
                float[] row = Arrays.copyOfRange(expected, i * vocab, (i + 1) * vocab);
                assertSame(row, steps.decode(prompt[i]), "token by token, after token " + i);
            }
        }
    }

    /** The logits after each token of the prompt. */
    private float[] score(SessionCase c, Backend on) {
        try (Session session = compile(c, on).newSession(context())) {
            return copy(session.score(prompt(c)));
        }
    }

    private static float[] lastRow(SessionCase c, float[] rows) {
        return Arrays.copyOfRange(rows, rows.length - c.model().info().vocabSize(), rows.length);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aForkGoesItsOwnWay(SessionCase c) {
        int[] prompt = prompt(c);
        try (Session control = newSession(c)) {
            control.prefill(prompt);
            Session session = newSession(c);
            session.prefill(prompt);
            try (Session fork = session.fork();
                    Session second = fork.fork()) {
                fork.prefill(0, 1, 0);
                assertEquals(prompt.length + 3, fork.position());
                assertEquals(prompt.length, session.position());
                float[] expected = copy(control.decode(2));
                assertArrayEquals(expected, copy(session.decode(2)), "the session, after its fork went on");
                session.close();
                assertSame(expected, second.decode(2), "a fork of a fork, without the first session");
                control.prefill(1, 1);
                second.prefill(1, 1);
                assertSame(copy(control.decode(3)), second.decode(3), "the fork, later");
            } finally {
                session.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tokensAreTakenBackAsFarAsStatesReach(SessionCase c) {
        int[] prompt = prompt(c);
        int back = Math.min(prompt.length, c.takenBack().applyAsInt(backend.storage()));
        try (Session session = newSession(c);
                Session control = newSession(c)) {
            session.prefill(prompt);
            control.prefill(prompt);
            assertTrue(session.truncate(prompt.length), "taking nothing back");
            for (int length = 1; length < prompt.length - back; length++) {
                assertFalse(session.truncate(length), "taken back to %d of %d".formatted(length, prompt.length));
            }
            assertEquals(prompt.length, session.position());
            assertArrayEquals(copy(control.decode(2)), copy(session.decode(2)), "after truncations that were refused");
        }
        for (int taken : new int[] {1, back, prompt.length}) {
            if (taken <= back || taken == prompt.length) {
                goesBack(c, prompt, prompt.length - taken);
            }
        }
    }

    private void goesBack(SessionCase c, int[] prompt, int length) {
        try (Session session = newSession(c);
                Session fresh = newSession(c)) {
            session.prefill(prompt);
            assertTrue(session.truncate(length), "not taken back to %d of %d".formatted(length, prompt.length));
            assertEquals(length, session.position());
            if (length > 0) {
                fresh.prefill(Arrays.copyOf(prompt, length));
            }
            for (int[] next : new int[][] {{4}, {3, 2, 1}, {5}}) {
                assertSame(copy(fresh.prefill(next)), session.prefill(next), "taken back to " + length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSavedSessionGoesOnEverywhere(SessionCase c) {
        int[] prompt = prompt(c);
        try (Session session = newSession(c)) {
            float[] scores = copy(session.score(prompt));
            float[] logits = lastRow(c, scores);
            byte[] saved = save(session);
            int[] expected = greedy(session, logits);
            for (Backend other : others) {
                try (Session there = compile(c, other).newSession(context())) {
                    assertSame(scores, there.score(prompt), "logits after each token, of " + other.name());
                    goesOn(c, backend, save(there), logits, expected);
                }
            }
            Stream.concat(Stream.of(backend), others.stream()).forEach(b -> goesOn(c, b, saved, logits, expected));
        }
    }

    private void goesOn(SessionCase c, Backend on, byte[] saved, float[] logits, int[] expected) {
        // Room for more tokens than before: the states have other shapes.
        try (Session resumed = restore(compile(c, on), saved, context() + 7)) {
            assertEquals(promptLength(), resumed.position());
            assertArrayEquals(saved, save(resumed), "what was restored, saved again");
            assertArrayEquals(expected, greedy(resumed, logits), c.name() + " resumed on " + on.name());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSavedSessionThatIsCutShortIsRefused(SessionCase c) {
        try (Session session = newSession(c)) {
            session.prefill(1, 2, 3);
            byte[] saved = save(session);
            for (int length : new int[] {0, 3, 9, saved.length / 2, saved.length - 1}) {
                byte[] part = Arrays.copyOf(saved, length);
                assertThrows(
                        IOException.class,
                        () -> compile(c, backend)
                                .restoreSession(new ByteArrayInputStream(part), context())
                                .close());
            }
        }
    }

    private int context() {
        return promptLength() + SPARE;
    }

    private Session newSession(SessionCase c) {
        return compile(c, backend).newSession(context());
    }

    private CompiledModel compile(SessionCase c, Backend on) {
        return compiled.computeIfAbsent(
                c.name() + " on " + on.name(), k -> CompiledModel.compile(c.model(), on, CompileOptions.DEFAULT));
    }

    private int[] prompt(SessionCase c) {
        int vocab = c.model().info().vocabSize();
        return IntStream.range(0, promptLength())
                .map(i -> (i * i + i / 7) % vocab)
                .toArray();
    }

    /** The tokens that follow the one that these logits make most likely, by likelihood alone. */
    private static int[] greedy(Session session, float[] logits) {
        int[] tokens = new int[GREEDY];
        float[] next = logits;
        for (int i = 0; i < GREEDY; i++) {
            tokens[i] = likeliest(next);
            next = copy(session.decode(tokens[i]));
        }
        return tokens;
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private void assertSame(float[] expected, Tensor actual, String what) {
        assertArrayEquals(expected, copy(actual), tolerance(), what);
    }

    /** Logits lie in memory of the session, for its next step. */
    private static float[] copy(Tensor logits) {
        return logits.toFloatArray();
    }

    private static byte[] save(Session session) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            session.save(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Session restore(CompiledModel model, byte[] saved, int context) {
        try {
            return model.restoreSession(new ByteArrayInputStream(saved), context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
