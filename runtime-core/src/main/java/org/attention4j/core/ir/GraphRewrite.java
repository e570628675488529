package org.attention4j.core.ir;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Puts ops in place of others, of any kind, where {@link Expansion} only replaces composites. The bodies of scans stay. */
public final class GraphRewrite {
    private final GraphBuilder builder;
    private final Map<Value, Value> now = new HashMap<>();

    private GraphRewrite(String name) {
        this.builder = new GraphBuilder(name);
    }

    /** Decides what becomes of each op of the graph as it was. */
    @FunctionalInterface
    public interface Rule {
        /** What to put in place of {@code op}; empty: it stays. */
        Optional<Replacement> of(Op op);
    }

    /** Ops that compute what an op computed. */
    @FunctionalInterface
    public interface Replacement {
        /**
         * Appends the ops.
         *
         * @param now from values of the graph as it was, which the op could have read, to those of the new one
         * @return a value for each output, of the same type
         */
        List<Value> write(GraphBuilder b, UnaryOperator<Value> now);
    }

    /** The graph with the rule's replacements, without ops that nothing reads. Inputs, results and kept ops keep their names. */
    public static Graph apply(Graph graph, Rule rule) {
        GraphRewrite r = new GraphRewrite(graph.name());
        graph.inputs().forEach(v -> r.now.put(v, r.builder.input(v.id(), v.type())));
        for (Op op : graph.ops()) {
            r.append(op, rule.of(op));
        }
        graph.results().forEach((name, v) -> r.builder.result(name, r.current(v)));
        graph.states().forEach(r.builder::pairState);
        return withoutDeadOps(r.builder.build());
    }

    private void append(Op op, Optional<Replacement> replacement) {
        List<Value> out = replacement.isPresent()
                ? builder.scoped(op.label(), () -> replacement.get().write(builder, this::current))
                : copy(op);
        List<Value> before = op.outputs();
        for (int i = 0; i < before.size(); i++) {
            if (!out.get(i).type().equals(before.get(i).type())) {
                throw new IllegalStateException(
                        "%s: %s is put in its place, expected %s".formatted(op.label(), out, before));
            }
            now.put(before.get(i), out.get(i));
        }
    }

    private List<Value> copy(Op op) {
        List<Value> in = op.inputs().stream().map(this::current).toList();
        builder.labelNext(op.label());
        return switch (op) {
            case Primitive p -> builder.primitive(p.op(), in);
            case Composite c -> builder.call(c.op(), in);
            case Scan s -> builder.scan(s.body(), s.numCarried(), s.numScanned(), s.axis(), in);
        };
    }

    private Value current(Value before) {
        return requireNonNull(now.get(before), before.id());
    }

    /** The graph without ops that no result needs. */
    public static Graph withoutDeadOps(Graph graph) {
        Set<Value> needed = new HashSet<>(graph.results().values());
        List<Op> kept = new ArrayList<>();
        for (Op op : graph.ops().reversed()) {
            if (op.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(op.inputs());
                kept.addFirst(op);
            }
        }
        return new Graph(graph.name(), graph.inputs(), kept, graph.results(), graph.states());
    }
}
