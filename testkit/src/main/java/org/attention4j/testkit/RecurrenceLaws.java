package org.attention4j.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.recurrence.ChunkedRecurrence;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Recurrence} must fulfil on every backend: whatever the form and however many tokens a run has, the result is
 * that of the step, repeated in double precision. Inherit it and give cases.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RecurrenceLaws {
    /** The recurrences under test. */
    protected abstract Stream<Case> cases();

    /** The backend that runs them. It is not closed by the laws. */
    protected abstract Backend backend();

    /** The difference allowed, by default for float32 arithmetic over a few dozen tokens. */
    protected Tolerance tolerance() {
        return new Tolerance(2e-5, 2e-5);
    }

    /**
     * A recurrence and inputs for it.
     *
     * @param name what is special about it
     */
    public record Case(String name, Recurrence op, Inputs inputs) {
        @Override
        public String toString() {
            return name + " " + op;
        }
    }

    /** Makes inputs. */
    @FunctionalInterface
    public interface Inputs {
        /** A tensor for each input of the op, for {@code seq} tokens; states are of sequences that began before. */
        List<Tensor> make(int seq, long seed);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whateverTheBackendChoosesIsTheStep(Case c) {
        assertStep(c, RecurrenceRun.call(c.op), 1, 2, 17, 40);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void chunksAreSteps(Case c) {
        if (c.op instanceof ChunkedRecurrence op) {
            int size = op.chunkSize();
            assertStep(c, op::chunks, 1, Math.max(1, size - 1), size, 2 * size + 3);
        }
    }

    private void assertStep(Case c, Recurrence.Body form, int... lengths) {
        List<Tensor> some = c.inputs.make(1, 0);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                RecurrenceRun step = new RecurrenceRun(reference, c.op, some, c.op::decompose);
                RecurrenceRun other = new RecurrenceRun(backend(), c.op, some, form)) {
            for (int seq : lengths) {
                List<Tensor> in = c.inputs.make(seq, seq);
                Compare.assertClose("%s, %d tokens".formatted(c, seq), step.run(in), other.run(in), tolerance());
            }
        }
    }
}
