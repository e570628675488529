package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * What every sequence mixer must fulfil on every backend. Inherit it, give a mixer and a backend, and each law is a test.
 *
 * <ul>
 *   <li>Split: mixing a then b from a's state is mixing a and b at once, however they are split.
 *   <li>Forms: every form gives what the first one gives.
 *   <li>Causality: what comes later does not change what came before (unless {@link #isCausal} is false).
 *   <li>Forks: two sequences that share a beginning don't affect each other.
 *   <li>Batches: a sequence gives the same whatever its neighbours are, wherever it stands, and however far it is padded.
 *   <li>Errors: wrong shapes name the op, what it got and what it expected.
 * </ul>
 */
public abstract class MixerLaws {
    private static final int TOKENS = 11;

    /** The mixer under test. Keep it small: hidden size below 64. */
    protected abstract SequenceMixer mixer();

    /** The backend that runs it. It is not closed by the laws. */
    protected abstract Backend backend();

    /** Entries of a hidden state that the mixer takes. */
    protected abstract int hiddenSize();

    /** The greatest difference allowed, times (1 + |expected|); by default for float32 arithmetic. */
    protected double tolerance() {
        return 2e-5;
    }

    /** Whether the mixer lets a token see only earlier ones. */
    protected boolean isCausal() {
        return true;
    }

    @Test
    void mixingInPiecesIsMixingAtOnce() {
        assumeTrue(isCausal(), "not causal: a later token changes earlier results, so there is nothing to split");
        inEveryForm(run -> {
            Tensor x = run.randomInput(1, TOKENS, 1);
            MixerRun.Step whole = run.step(run.emptyState(1), 0, x);
            for (List<Integer> pieces : List.of(List.of(4, 7), List.of(1, 9, 1), List.of(2, 3, 1, 5))) {
                assertSame(run, whole, run.steps(x, pieces), "in pieces of " + pieces);
            }
        });
    }

    @Test
    void mixingTokenByTokenIsMixingAtOnce() {
        assumeTrue(isCausal(), "not causal: a later token changes earlier results");
        inEveryForm(run -> {
            Tensor x = run.randomInput(1, TOKENS, 2);
            MixerRun.Step whole = run.step(run.emptyState(1), 0, x);
            List<Integer> ones = Collections.nCopies(TOKENS, 1);
            assertSame(run, whole, run.steps(x, ones), "token by token");
        });
    }

    @Test
    void allFormsAgree() {
        Form reference = mixer().forms().getFirst();
        for (Form form : mixer().forms()) {
            try (MixerRun expected = run(reference);
                    MixerRun actual = run(form)) {
                Tensor x = expected.randomInput(2, TOKENS, 3);
                MixerRun.Step a = expected.step(expected.emptyState(2), 0, x);
                MixerRun.Step b = actual.step(actual.emptyState(2), 0, x);
                assertSame(actual, a, b, "against " + reference);
            }
        }
    }

    @Test
    void laterTokensDontChangeEarlierResults() {
        assumeTrue(isCausal(), "not causal");
        inEveryForm(run -> {
            Tensor x = run.randomInput(1, TOKENS, 4);
            Tensor changed = run.concat(run.rows(x, 0, 6), run.randomInput(1, TOKENS - 6, 5));
            Tensor before = run.step(run.emptyState(1), 0, x).y();
            Tensor after = run.step(run.emptyState(1), 0, changed).y();
            run.assertClose(run.rows(before, 0, 6), run.rows(after, 0, 6), tolerance(), "the first 6 tokens");
            assertTrue(
                    run.differs(run.rows(before, 6, TOKENS), run.rows(after, 6, TOKENS)),
                    "other tokens gave the same result: the mixer ignores its input");
        });
    }

    @Test
    void earlierTokensChangeLaterResults() {
        assumeTrue(isCausal(), "not causal");
        inEveryForm(run -> {
            Tensor last = run.randomInput(1, 1, 6);
            Map<String, Tensor> a =
                    run.step(run.emptyState(1), 0, run.randomInput(1, 3, 7)).state();
            Map<String, Tensor> b =
                    run.step(run.emptyState(1), 0, run.randomInput(1, 3, 8)).state();
            Tensor afterA = run.step(a, 3, last).y();
            Tensor afterB = run.step(b, 3, last).y();
            assertTrue(run.differs(afterA, afterB), "the state makes no difference: tokens don't see each other");
        });
    }

    @Test
    void forkedStatesAreIndependent() {
        assumeTrue(isCausal(), "not causal: there is no state to fork");
        inEveryForm(run -> {
            Map<String, Tensor> state =
                    run.step(run.emptyState(1), 0, run.randomInput(1, 5, 9)).state();
            Tensor x = run.randomInput(1, 3, 10);
            MixerRun.Step alone = run.step(run.copy(state), 5, x);
            run.step(state, 5, run.randomInput(1, 4, 11));
            assertSame(run, alone, run.step(state, 5, x), "after the fork went its way");
        });
    }

    @Test
    void neighboursAndOrderDontMatter() {
        inEveryForm(run -> {
            Tensor a = run.randomInput(1, TOKENS, 12);
            Tensor b = run.randomInput(1, TOKENS, 13);
            Tensor alone = run.step(run.emptyState(1), 0, a).y();
            Tensor first = run.step(run.emptyState(2), 0, run.stack(a, b)).y();
            Tensor second = run.step(run.emptyState(2), 0, run.stack(b, a)).y();
            run.assertClose(alone, run.sequence(first, 0), tolerance(), "first of two");
            run.assertClose(alone, run.sequence(second, 1), tolerance(), "second of two");
        });
    }

    @Test
    void paddingDoesNotMatter() {
        inEveryForm(run -> {
            Tensor full = run.randomInput(1, TOKENS, 14);
            Tensor shorter = run.randomInput(1, TOKENS, 15);
            int length = TOKENS - 4;
            MixerRun.Step padded = run.paddedStep(run.emptyState(2), 0, run.stack(full, shorter), TOKENS, length);
            MixerRun.Step alone = run.step(run.emptyState(1), 0, run.rows(shorter, 0, length));
            Tensor actual = run.rows(run.sequence(padded.y(), 1), 0, length);
            run.assertClose(alone.y(), actual, tolerance(), "a padded sequence");
            if (isCausal()) {
                Tensor next = run.randomInput(1, 2, 16);
                MixerRun.Step expected = run.step(alone.state(), length, next);
                MixerRun.Step after = run.step(run.sequence(padded.state(), 1), length, next);
                run.assertClose(expected.y(), after.y(), tolerance(), "a padded sequence, continued");
            }
        });
    }

    @Test
    void wrongShapesAreExplained() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> MixerRun.graph(
                        mixer(),
                        mixer().forms().getFirst(),
                        hiddenSize() + 1,
                        backend().storage(),
                        Dims.BATCH,
                        false));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("expected"), () -> "the message does not say what was expected: " + message);
        assertTrue(
                message.contains(String.valueOf(hiddenSize() + 1)),
                () -> "the message does not say what it got: " + message);
        assertEquals(1, message.lines().count(), () -> "more than a line: " + message);
    }

    private void inEveryForm(Consumer<MixerRun> law) {
        for (Form form : mixer().forms()) {
            try (MixerRun run = run(form)) {
                law.accept(run);
            }
        }
    }

    private MixerRun run(Form form) {
        return new MixerRun(mixer(), form, hiddenSize(), backend());
    }

    private void assertSame(MixerRun run, MixerRun.Step expected, MixerRun.Step actual, String what) {
        run.assertClose(expected.y(), actual.y(), tolerance(), what);
        if (!isCausal()) {
            return;
        }
        int position = (int) actual.y().shape().dim(1);
        Tensor probe = run.randomInput((int) actual.y().shape().dim(0), 2, 17);
        Tensor a = run.step(expected.state(), position, probe).y();
        Tensor b = run.step(actual.state(), position, probe).y();
        run.assertClose(a, b, tolerance(), what + ", continued from its state");
    }
}
