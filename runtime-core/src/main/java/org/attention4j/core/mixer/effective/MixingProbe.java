package org.attention4j.core.mixer.effective;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphSlice;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;

/**
 * One op of a model with the inputs that it had there, computed for other values. What does not depend on the values, such as a
 * softmax, is computed once.
 */
final class MixingProbe implements AutoCloseable {
    private final Value values;
    private final CompiledGraph perValues;
    private final ImmutableMap<String, Tensor> once;

    /**
     * Computes what all values have in common.
     *
     * @param recorded of {@link MixingOps#changingInputs}
     */
    MixingProbe(MixingOps ops, MixingOps.Found op, Map<Value, Tensor> recorded, Backend reference) {
        this.values =
                new Value("values of " + op.composite().label(), op.input().type());
        Graph alone = Expansion.toPrimitives(ops.alone(op, values));
        Set<Value> changing = GraphSlice.dependents(alone, List.of(values));
        Map<String, Value> common = new HashMap<>();
        for (Op each : alone.ops()) {
            if (each.inputs().stream().anyMatch(changing::contains)) {
                each.inputs().stream().filter(v -> !changing.contains(v)).forEach(v -> common.put(v.id(), v));
            }
        }
        Map<String, Tensor> given = new HashMap<>();
        ops.changingInputs(op).forEach(v -> given.put(v.id(), requireNonNull(recorded.get(v))));
        given.put(values.id(), requireNonNull(recorded.get(op.input())));
        this.once = run(reference, withInput(GraphSlice.between(alone, alone.inputs(), common), values), given);
        List<Value> inputs = ImmutableList.<Value>builder()
                .add(values)
                .addAll(common.values())
                .build();
        this.perValues = reference.compile(GraphSlice.between(alone, inputs, alone.results()), CompileOptions.DEFAULT);
    }

    /** With an input that nothing reads, but that tells how many tokens there are. */
    private static Graph withInput(Graph graph, Value input) {
        List<Value> inputs =
                ImmutableList.<Value>builder().addAll(graph.inputs()).add(input).build();
        return new Graph(graph.name(), inputs, graph.ops(), graph.results(), graph.states());
    }

    private static ImmutableMap<String, Tensor> run(Backend reference, Graph graph, Map<String, Tensor> given) {
        try (CompiledGraph compiled = reference.compile(graph, CompileOptions.DEFAULT)) {
            return compiled.run(needed(graph, name -> requireNonNull(given.get(name))));
        }
    }

    private static ImmutableMap<String, Tensor> needed(Graph graph, Function<String, Tensor> tensors) {
        ImmutableMap.Builder<String, Tensor> inputs = ImmutableMap.builder();
        graph.inputs().forEach(v -> inputs.put(v.id(), tensors.apply(v.id())));
        return inputs.buildOrThrow();
    }

    /** The op's result for these values. Thread-safe. */
    float[] result(Tensor given) {
        Map<String, Tensor> inputs =
                needed(perValues.graph(), name -> name.equals(values.id()) ? given : requireNonNull(once.get(name)));
        return requireNonNull(perValues.run(inputs).get(EffectiveAttention.RESULT))
                .toFloatArray();
    }

    @Override
    public void close() {
        perValues.close();
    }
}
