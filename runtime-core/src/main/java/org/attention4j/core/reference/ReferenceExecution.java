package org.attention4j.core.reference;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;

/** Keeps the states as the interpreter's values: a run replaces them, and nothing is rounded in between. */
final class ReferenceExecution implements Execution {
    private final ReferenceGraph compiled;
    private final Graph graph;
    private final ImmutableMap<String, Long> sizes;
    private final Map<String, Held> states = new LinkedHashMap<>();
    private boolean closed;

    ReferenceExecution(ReferenceGraph compiled, Map<String, Long> sizes) {
        this.compiled = compiled;
        this.graph = compiled.graph();
        this.sizes = GraphStates.sizes(graph, sizes);
        requireMemory();
        for (Value v : GraphStates.states(graph)) {
            states.put(v.id(), Conversions.zeros(v.type().dtype(), v.type().shape(this.sizes)));
        }
    }

    private void requireMemory() {
        double bytes = GraphStates.states(graph).stream()
                .mapToDouble(v -> 8.0 * v.type().shape(sizes).elements())
                .sum();
        long limit = Runtime.getRuntime().maxMemory();
        if (bytes > limit) {
            throw new BackendException("graph %s: its states take %.0f bytes with %s, the heap has at most %d"
                    .formatted(graph.name(), bytes, sizes, limit));
        }
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        requireOpen();
        Map<String, Long> symbols = GraphInputs.bind(graph, GraphStates.freeInputs(graph), inputs, sizes);
        Map<String, Held> given = ReferenceGraph.convert(inputs);
        given.putAll(states);
        Map<String, Held> results = compiled.compute(given, symbols);
        ImmutableMap.Builder<String, Tensor> out = ImmutableMap.builder();
        results.forEach((name, value) -> {
            if (!graph.states().containsValue(name)) {
                out.put(name, compiled.toTensor(name, value));
            }
        });
        graph.states().forEach((input, result) -> states.put(input, requireNonNull(results.get(result))));
        return out.buildOrThrow();
    }

    @Override
    public Tensor readState(String input) {
        requireOpen();
        Value state = GraphStates.find(graph, input);
        return Conversions.write(requireNonNull(states.get(input)), state.type().dtype());
    }

    @Override
    public void writeState(String input, Tensor value) {
        requireOpen();
        GraphStates.requireFits(graph, input, value, sizes);
        states.put(input, Conversions.copy(value));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("an execution of graph %s is closed".formatted(graph.name()));
        }
    }

    @Override
    public void close() {
        closed = true;
        states.clear();
    }
}
