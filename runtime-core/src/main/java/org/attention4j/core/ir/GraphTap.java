package org.attention4j.core.ir;

import com.google.common.collect.ImmutableMap;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Makes values inside a graph visible, to compare backends value by value. */
public final class GraphTap {
    /** What the names of the added results begin with; the value's id follows. */
    public static final String PREFIX = "tap:";

    private GraphTap() {}

    /** The graph with one more result for each output of its composites that is no result yet, in the order of the ops. */
    public static Graph composites(Graph graph) {
        return ops(graph, Composite.class::isInstance);
    }

    /** The graph with one more result for each output of the chosen ops that is no result yet, in the order of the ops. */
    public static Graph ops(Graph graph, Predicate<Op> chosen) {
        Set<Value> known = new HashSet<>(graph.results().values());
        ImmutableMap.Builder<String, Value> results = ImmutableMap.builder();
        results.putAll(graph.results());
        for (Op op : graph.ops()) {
            if (chosen.test(op)) {
                op.outputs().stream().filter(known::add).forEach(v -> results.put(PREFIX + v.id(), v));
            }
        }
        Graph tapped = new Graph(graph.name(), graph.inputs(), graph.ops(), results.buildOrThrow(), graph.states());
        GraphVerifier.verify(tapped);
        return tapped;
    }
}
