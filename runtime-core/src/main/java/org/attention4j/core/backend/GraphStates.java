package org.attention4j.core.backend;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Which inputs of a graph are states, and checks of them: the same for every backend. */
public final class GraphStates {
    private GraphStates() {}

    /** The inputs that are states, in order. */
    public static ImmutableList<Value> states(Graph graph) {
        return graph.inputs().stream()
                .filter(v -> graph.states().containsKey(v.id()))
                .collect(ImmutableList.toImmutableList());
    }

    /** The inputs that are no states, in order. */
    public static ImmutableList<Value> freeInputs(Graph graph) {
        return graph.inputs().stream()
                .filter(v -> !graph.states().containsKey(v.id()))
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * The state of this name.
     *
     * @throws IllegalArgumentException if there is none, listing those that there are
     */
    public static Value find(Graph graph, String input) {
        return states(graph).stream()
                .filter(v -> v.id().equals(input))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("graph %s: there is no state %s; there are %s"
                        .formatted(graph.name(), input, graph.states().keySet())));
    }

    /**
     * Those of the sizes {@code given} that the states' types need.
     *
     * @throws IllegalArgumentException if one is missing or negative, naming the state
     */
    public static ImmutableMap<String, Long> sizes(Graph graph, Map<String, Long> given) {
        Map<String, Long> sizes = new TreeMap<>();
        for (Value state : states(graph)) {
            for (Dim dim : state.type().dims()) {
                collect(graph, state, dim, given, sizes);
            }
        }
        return ImmutableMap.copyOf(sizes);
    }

    /**
     * A graph's run in an execution of its own: states are given, and returned by the names of their results, as all other values.
     *
     * @throws IllegalArgumentException as {@link GraphInputs#bind}
     */
    public static ImmutableMap<String, Tensor> runOnce(CompiledGraph compiled, Map<String, Tensor> inputs) {
        Graph graph = compiled.graph();
        ImmutableMap<String, Long> sizes = GraphInputs.bind(graph, graph.inputs(), inputs, Map.of());
        try (Execution execution = compiled.newExecution(sizes)) {
            Map<String, Tensor> free = new HashMap<>(inputs);
            for (Value state : states(graph)) {
                execution.writeState(state.id(), requireNonNull(free.remove(state.id())));
            }
            ImmutableMap.Builder<String, Tensor> out = ImmutableMap.builder();
            out.putAll(execution.run(free));
            graph.states().forEach((input, result) -> out.put(result, execution.readState(input)));
            return out.buildOrThrow();
        }
    }

    private static void collect(Graph graph, Value state, Dim dim, Map<String, Long> given, Map<String, Long> sizes) {
        switch (dim) {
            case Dim.Fixed f -> {}
            case Dim.Symbol(String name) -> {
                Long size = given.get(name);
                if (size == null || size < 0) {
                    throw new IllegalArgumentException("graph %s: state %s needs a size for %s, got %s"
                            .formatted(graph.name(), state, name, ImmutableMap.copyOf(given)));
                }
                sizes.put(name, size);
            }
            case Dim.Sum(Dim left, Dim right) -> {
                collect(graph, state, left, given, sizes);
                collect(graph, state, right, given, sizes);
            }
            case Dim.Quotient(Dim dividend, long divisor) -> collect(graph, state, dividend, given, sizes);
            case Dim.Product(Dim left, Dim right) -> {
                collect(graph, state, left, given, sizes);
                collect(graph, state, right, given, sizes);
            }
        }
    }

    /**
     * Checks that a tensor can become the value of a state.
     *
     * @param sizes the sizes of the symbols in the states' types
     * @throws IllegalArgumentException if there is no such state, or the dtype or shape is another one
     */
    public static void requireFits(Graph graph, String input, Tensor value, Map<String, Long> sizes) {
        Value state = find(graph, input);
        Shape expected = state.type().shape(sizes);
        if (value.dtype() != state.type().dtype() || !value.shape().equals(expected)) {
            throw new IllegalArgumentException("graph %s: state %s can't become %s, expected %s%s"
                    .formatted(graph.name(), input, value, state.type().dtype(), expected));
        }
    }
}
