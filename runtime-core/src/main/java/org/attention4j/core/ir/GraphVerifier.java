package org.attention4j.core.ir;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what {@link GraphBuilder} guarantees, for graphs that come from elsewhere. */
public final class GraphVerifier {
    private GraphVerifier() {}

    /**
     * Checks that ids are unique, every value is defined before it is read, types are what the ops infer, scans fit their
     * bodies, results exist and states keep their types.
     *
     * @throws IllegalArgumentException naming the graph, the op and what is wrong
     */
    public static void verify(Graph graph) {
        Set<Value> defined = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (Value v : graph.inputs()) {
            define(graph, v, defined, ids);
        }
        for (Op op : graph.ops()) {
            for (Value v : op.inputs()) {
                check(defined.contains(v), graph, "%s reads %s before it is defined", op.name(), v);
            }
            checkTypes(graph, op);
            for (Value v : op.outputs()) {
                define(graph, v, defined, ids);
            }
        }
        graph.results()
                .forEach((name, v) ->
                        check(defined.contains(v), graph, "result %s is %s, which nothing defines", name, v));
        for (Map.Entry<String, String> state : graph.states().entrySet()) {
            Value next = graph.results().get(state.getValue());
            Value input = graph.input(state.getKey());
            boolean same = next != null && input.type().equals(next.type());
            check(same, graph, "state %s becomes %s", input, String.valueOf(next));
        }
    }

    private static void define(Graph graph, Value v, Set<Value> defined, Set<String> ids) {
        check(ids.add(v.id()), graph, "two values are called %s", v.id());
        defined.add(v);
    }

    private static void checkTypes(Graph graph, Op op) {
        check(!op.outputs().isEmpty(), graph, "a %s has no outputs", op.name());
        List<TensorType> actual = op.outputs().stream().map(Value::type).toList();
        List<TensorType> inferred = infer(graph, op);
        check(actual.equals(inferred), graph, "%s has types %s, expected %s", op.label(), actual, inferred);
    }

    private static List<TensorType> infer(Graph graph, Op op) {
        List<TensorType> in = op.inputs().stream().map(Value::type).toList();
        try {
            return switch (op) {
                case Primitive p -> PrimitiveTypes.infer(p.op(), in);
                case Composite c -> infer(graph, c, in);
                case Scan s -> {
                    verify(s.body());
                    yield ScanTypes.infer(s.body(), s.numCarried(), s.numScanned(), s.axis(), in);
                }
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "graph %s: %s: %s".formatted(graph.name(), op.label(), e.getMessage()), e);
        }
    }

    private static List<TensorType> infer(Graph graph, Composite c, List<TensorType> in) {
        int expected = c.op().inputNames().size();
        check(in.size() == expected, graph, "%s has %d inputs, expected %d", c.label(), in.size(), expected);
        return c.op().infer(in);
    }

    private static void check(boolean holds, Graph graph, String message, Object... args) {
        if (!holds) {
            throw new IllegalArgumentException("graph " + graph.name() + ": " + message.formatted(args));
        }
    }
}
