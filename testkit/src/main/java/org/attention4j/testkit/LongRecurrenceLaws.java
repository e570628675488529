package org.attention4j.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Over thousands of tokens every {@link Recurrence} gives what its step gives in double precision, in whatever form it is
 * computed, as near as float32 allows. Inherit it and give a backend.
 *
 * <p><b>How near.</b> A factor or a sum that is rounded to float32 is wrong by up to 2^−24 of itself, and a state passes through
 * such a rounding at every step, so that after T steps it may be wrong by T · 2^−24 of what was summed up: a decay of 1 − 10^−7
 * has no nearer float32 than 1 − 1.2 · 10^−7. By chunks of C tokens a state is rounded only T / C times, and the decay between two
 * of a chunk's tokens is e to the difference of two sums of C log decays, none below −20, which is wrong by up to 20 C · 2^−24.
 * Both are parts of the largest value that a head's results take: a smaller one may be what is left of larger ones that
 * cancelled.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class LongRecurrenceLaws {
    private static final double ROUNDING = Math.scalb(1.0, -24);
    private static final double LEAST_LOG_DECAY = 20;

    /** The backend that runs them. It is not closed by the laws. */
    protected abstract Backend backend();

    static Stream<LongRecurrenceCase> cases() {
        return LongRecurrenceCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyFormIsTheStepOverThousandsOfTokens(LongRecurrenceCase c) {
        Recurrence op = c.op();
        List<Tensor> in = c.inputs();
        int tokens = (int) in.get(op.numStates()).shape().dim(1);
        Map<String, Tensor> expected;
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                RecurrenceRun step = new RecurrenceRun(reference, op, in, op::decompose)) {
            expected = step.run(in);
        }
        double steps = c.sensitivity() * tokens * ROUNDING;
        check(c, "the backend's choice", expected, RecurrenceRun.call(op), steps);
        if (op instanceof ChunkedRecurrence chunked) {
            int size = chunked.chunkSize();
            check(c, "steps", expected, op::decompose, steps);
            double chunks = c.sensitivity() * ((double) tokens / size + LEAST_LOG_DECAY * size) * ROUNDING;
            check(c, "chunks", expected, chunked::chunks, chunks);
        }
    }

    private void check(
            LongRecurrenceCase c, String form, Map<String, Tensor> expected, Recurrence.Body body, double tolerance) {
        Map<String, Tensor> actual;
        try (RecurrenceRun run = new RecurrenceRun(backend(), c.op(), c.inputs(), body)) {
            actual = run.run(c.inputs());
        }
        int outputs = expected.size() - c.op().numStates();
        expected.forEach((name, e) -> {
            Tensor a = Optional.ofNullable(actual.get(name)).orElseThrow(() -> new AssertionError("no result " + name));
            // [1, seq, heads, …] or [1, heads, …]
            int axis = name.compareTo("out." + outputs) < 0 ? 2 : 1;
            assertClose("%s, %s, %s".formatted(c, form, name), e, a, axis, tolerance);
        });
    }

    /** Compares each head's entries with the largest of them. */
    private static void assertClose(String what, Tensor expected, Tensor actual, int axis, double tolerance) {
        float[] e = expected.toFloatArray();
        float[] a = actual.toFloatArray();
        int heads = (int) expected.shape().dim(axis);
        int each = 1;
        for (int i = axis + 1; i < expected.shape().rank(); i++) {
            each *= (int) expected.shape().dim(i);
        }
        double[] largest = new double[heads];
        for (int i = 0; i < e.length; i++) {
            largest[i / each % heads] = Math.max(largest[i / each % heads], Math.abs(e[i]));
        }
        for (int i = 0; i < e.length; i++) {
            int head = i / each % heads;
            double difference = Math.abs(a[i] - e[i]);
            if (!(difference <= tolerance * largest[head])) {
                throw new AssertionError(
                        "%s: element %d, of head %d, is %s, expected %s: differs by %.3g times the largest, %s; allowed %.3g"
                                .formatted(
                                        what,
                                        i,
                                        head,
                                        a[i],
                                        e[i],
                                        difference / largest[head],
                                        largest[head],
                                        tolerance));
            }
        }
    }
}
