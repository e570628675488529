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
                check(defined.contains(v), graph, "%s reads %s before it is defined", op.label(), v);
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
        List<TensorType> in = op.inputs().stream().map(Value::type).toList();
        List<TensorType> out = op.outputs().stream().map(Value::type).toList();
        switch (op) {
            case Primitive p -> checkInferred(graph, op, out, PrimitiveTypes.infer(p.op(), in));
            case Composite c -> {
                int expected = c.op().inputNames().size();
                check(in.size() == expected, graph, "%s has %d inputs, expected %d", op.label(), in.size(), expected);
                checkInferred(graph, op, out, c.op().infer(in));
            }
            case Scan s -> checkScan(graph, s);
        }
    }

    private static void checkInferred(Graph graph, Op op, List<TensorType> actual, List<TensorType> inferred) {
        check(actual.equals(inferred), graph, "%s has types %s, expected %s", op.label(), actual, inferred);
    }

    private static void checkScan(Graph graph, Scan s) {
        verify(s.body());
        int expected = s.body().inputs().size();
        check(
                s.inputs().size() == expected,
                graph,
                "%s: %d inputs, its body %d",
                s.label(),
                s.inputs().size(),
                expected);
        boolean scans = s.numScanned() >= 1 && s.numCarried() + s.numScanned() <= expected;
        check(scans, graph, "%s: scans %d of %d inputs, expected at least 1", s.label(), s.numScanned(), expected);
        List<Value> results = List.copyOf(s.body().results().values());
        for (int i = 0; i < expected; i++) {
            TensorType given = s.inputs().get(i).type();
            TensorType type = s.body().inputs().get(i).type();
            boolean scanned = i >= s.numCarried() && i < s.numCarried() + s.numScanned();
            TensorType step = scanned ? ScanTypes.slice(given, s.axis()) : given;
            check(step.equals(type), graph, "%s: input %d is %s, its body takes %s", s.label(), i, step, type);
            if (i < s.numCarried()) {
                TensorType next = results.get(i).type();
                check(next.equals(type), graph, "%s: carried value %d is %s, then %s", s.label(), i, type, next);
            }
        }
    }

    private static void check(boolean holds, Graph graph, String message, Object... args) {
        if (!holds) {
            throw new IllegalArgumentException("graph " + graph.name() + ": " + message.formatted(args));
        }
    }
}
