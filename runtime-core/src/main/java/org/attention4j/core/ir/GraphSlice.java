package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parts of graphs. */
public final class GraphSlice {
    private GraphSlice() {}

    /**
     * The graph that computes some of a graph's values from others, with no more ops than that takes. Of the given values, those
     * that are needed become inputs, in this order.
     *
     * @param given values of the graph; nothing before them is in the result
     * @param results values of the graph, by the names that they get
     * @throws IllegalArgumentException if an input of the graph is needed that is not given
     */
    public static Graph between(Graph graph, Collection<Value> given, Map<String, Value> results) {
        Set<Value> known = new HashSet<>(given);
        Set<Value> needed = new HashSet<>(results.values());
        List<Op> ops = new ArrayList<>();
        for (Op op : graph.ops().reversed()) {
            if (op.outputs().stream().anyMatch(v -> needed.contains(v) && !known.contains(v))) {
                needed.addAll(op.inputs());
                ops.addFirst(op);
            }
        }
        List<Value> inputs = given.stream().filter(needed::contains).toList();
        Graph slice =
                new Graph(graph.name(), ImmutableList.copyOf(inputs), ops, ImmutableMap.copyOf(results), Map.of());
        GraphVerifier.verify(slice);
        return slice;
    }

    /** The values of a graph that change when one of {@code sources} does, and these. */
    public static Set<Value> dependents(Graph graph, Collection<Value> sources) {
        Set<Value> dependents = new HashSet<>(sources);
        for (Op op : graph.ops()) {
            if (op.inputs().stream().anyMatch(dependents::contains)) {
                dependents.addAll(op.outputs());
            }
        }
        return dependents;
    }
}
