package org.attention4j.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
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
        for (int seq : new int[] {1, 2, 17, 40}) {
            List<Tensor> in = c.inputs.make(seq, seq);
            assertSame(
                    c,
                    seq,
                    run(reference(), graph(c, in, c.op::decompose), in),
                    run(backend(), graph(c, in, call(c)), in));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void chunksAreSteps(Case c) {
        if (c.op instanceof ChunkedRecurrence op) {
            for (int seq : new int[] {1, op.chunkSize() - 1, op.chunkSize(), 2 * op.chunkSize() + 3}) {
                if (seq > 0) {
                    List<Tensor> in = c.inputs.make(seq, 100 + seq);
                    assertSame(
                            c,
                            seq,
                            run(reference(), graph(c, in, op::decompose), in),
                            run(backend(), graph(c, in, op::chunks), in));
                }
            }
        }
    }

    private Recurrence.Body call(Case c) {
        return (b, in) -> b.call(c.op, in);
    }

    /** The op as one graph for all lengths. */
    private static Graph graph(Case c, List<Tensor> inputs, Recurrence.Body body) {
        GraphBuilder b = new GraphBuilder(c.op.name());
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            TensorType type = TensorType.of(inputs.get(i).dtype(), inputs.get(i).shape());
            boolean sequence = i >= c.op.numStates() && i < c.op.numStates() + c.op.numSequences();
            values.add(b.input("in." + i, sequence ? type.withDim(1, Dims.SEQ) : type));
        }
        List<Value> out = body.write(b, values);
        for (int i = 0; i < out.size(); i++) {
            b.result("out." + i, out.get(i));
        }
        return b.build();
    }

    private static Map<String, Tensor> run(Backend backend, Graph graph, List<Tensor> inputs) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            named.put("in." + i, inputs.get(i));
        }
        try (CompiledGraph compiled = backend.compile(graph, CompileOptions.DEFAULT)) {
            return compiled.run(named);
        }
    }

    private void assertSame(Case c, int seq, Map<String, Tensor> expected, Map<String, Tensor> actual) {
        expected.forEach((name, t) -> Compare.assertClose(
                "%s, %d tokens, %s".formatted(c, seq, name),
                t,
                Optional.ofNullable(actual.get(name)).orElseThrow(() -> new AssertionError("no result " + name)),
                tolerance()));
    }

    private static Backend reference() {
        return Backends.create("reference", BackendOptions.DEFAULT);
    }
}
