package org.attention4j.core.reference;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;

/** A graph and its decomposition, ready to be interpreted. */
final class ReferenceGraph implements CompiledGraph {
    private final Graph graph;
    private final Plan plan;
    private final Program program;
    private volatile boolean closed;

    /** {@code program} must compute what {@code graph} means. */
    ReferenceGraph(Graph graph, Plan plan, Program program) {
        this.graph = graph;
        this.plan = plan;
        this.program = program;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Execution newExecution(Map<String, Long> sizes) {
        return new ReferenceExecution(this, sizes);
    }

    @Override
    public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Long> symbols = GraphInputs.bind(graph, graph.inputs(), inputs, Map.of());
        Map<String, Held> results = compute(convert(inputs), symbols);
        ImmutableMap.Builder<String, Tensor> out = ImmutableMap.builder();
        results.forEach((name, value) -> out.put(name, toTensor(name, value)));
        return out.buildOrThrow();
    }

    static Map<String, Held> convert(Map<String, Tensor> inputs) {
        Map<String, Held> converted = new HashMap<>();
        inputs.forEach((name, tensor) -> converted.put(name, Conversions.copy(tensor)));
        return converted;
    }

    /** All results, by name and in order. */
    ImmutableMap<String, Held> compute(Map<String, Held> inputs, Map<String, Long> symbols) {
        if (closed) {
            throw new IllegalStateException("graph %s is closed".formatted(graph.name()));
        }
        List<Held> results = program.run(
                graph.inputs().stream()
                        .map(v -> requireNonNull(inputs.get(v.id())))
                        .toList(),
                symbols);
        ImmutableMap.Builder<String, Held> named = ImmutableMap.builder();
        int i = 0;
        for (String name : graph.results().keySet()) {
            named.put(name, results.get(i++));
        }
        return named.buildOrThrow();
    }

    Tensor toTensor(String result, Held value) {
        Value v = requireNonNull(graph.results().get(result));
        return Conversions.write(value, v.type().dtype());
    }

    @Override
    public void close() {
        closed = true;
    }
}
