package org.attention4j.core.ir;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replaces composites by their decompositions, down to primitives or to what a backend has a lowering for. */
public final class Expansion {
    private final GraphBuilder builder;
    private final String scope;
    private final Map<Value, Value> renamed = new HashMap<>();

    private Expansion(Decomposer decomposer, String graphName, String scope) {
        this.scope = scope;
        this.builder = new GraphBuilder(graphName, Optional.of(decomposer));
    }

    /** The graph with every composite decomposed, in scan bodies too. */
    public static Graph toPrimitives(Graph graph) {
        return expand(graph, Decomposer.ALL);
    }

    /**
     * The graph with what {@code decomposer} puts in place of its composites, recursively. Inputs, results and states keep
     * their names, kept ops their labels; the values of a decomposition are named after the composite, and those of a scan's
     * body after the scan too, so that no two composites of the whole graph share a label.
     */
    public static Graph expand(Graph graph, Decomposer decomposer) {
        return expand(graph, decomposer, "");
    }

    /** {@link #expand(Graph, Decomposer)} of a scan's body, with {@code scope} before the labels of its ops. */
    static Graph expand(Graph graph, Decomposer decomposer, String scope) {
        Expansion e = new Expansion(decomposer, graph.name(), scope);
        graph.inputs().forEach(v -> e.renamed.put(v, e.builder.input(v.id(), v.type())));
        graph.ops().forEach(e::append);
        graph.results().forEach((name, v) -> e.builder.result(name, requireNonNull(e.renamed.get(v))));
        graph.states().forEach(e.builder::pairState);
        return e.builder.build();
    }

    private void append(Op op) {
        List<Value> in = op.inputs().stream().map(renamed::get).toList();
        String label = scope + op.label();
        builder.labelNext(label);
        List<Value> out = switch (op) {
            case Primitive p -> builder.primitive(p.op(), in);
            case Composite c -> builder.call(c.op(), in);
            case Scan s -> builder.scan(s.body(), s.numCarried(), s.numScanned(), s.axis(), in);
        };
        for (int i = 0; i < out.size(); i++) {
            renamed.put(op.outputs().get(i), out.get(i));
        }
    }
}
