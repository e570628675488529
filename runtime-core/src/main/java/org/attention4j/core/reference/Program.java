package org.attention4j.core.reference;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSetMultimap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/** A graph of primitives and scans, made ready to be interpreted. Immutable and thread-safe. */
final class Program {
    private final Graph graph;
    private final Primitives primitives;
    /** By label of the scan. */
    private final ImmutableMap<String, Program> bodies;
    /** By label of an op: the values that nobody reads after it. */
    private final ImmutableSetMultimap<String, String> lastUses;

    Program(Graph graph, Primitives primitives) {
        this.graph = graph;
        this.primitives = primitives;
        this.bodies = bodies(graph, primitives);
        this.lastUses = lastUses(graph);
    }

    private static ImmutableMap<String, Program> bodies(Graph graph, Primitives primitives) {
        ImmutableMap.Builder<String, Program> bodies = ImmutableMap.builder();
        for (Op op : graph.ops()) {
            if (op instanceof Scan s) {
                bodies.put(s.label(), new Program(s.body(), primitives));
            }
        }
        return bodies.buildOrThrow();
    }

    private static ImmutableSetMultimap<String, String> lastUses(Graph graph) {
        Map<String, String> lastReader = new HashMap<>();
        for (Op op : graph.ops()) {
            op.outputs().forEach(v -> lastReader.put(v.id(), op.label()));
            op.inputs().forEach(v -> lastReader.put(v.id(), op.label()));
        }
        graph.results().values().forEach(v -> lastReader.remove(v.id()));
        return ImmutableMap.copyOf(lastReader).asMultimap().inverse();
    }

    /**
     * Computes the graph once.
     *
     * @param inputs in the order of the graph's inputs
     * @return in the order of the graph's results
     * @throws BackendException if an op can't work with its inputs' values, naming it
     */
    List<Held> run(List<Held> inputs, Map<String, Long> symbols) {
        Map<String, Held> values = new HashMap<>();
        define(values, graph.inputs(), inputs);
        for (Op op : graph.ops()) {
            define(values, op.outputs(), compute(op, read(values, op.inputs()), symbols));
            lastUses.get(op.label()).forEach(values::remove);
        }
        return read(values, List.copyOf(graph.results().values()));
    }

    private static void define(Map<String, Held> values, List<Value> names, List<? extends Held> held) {
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i).id(), held.get(i));
        }
    }

    private static List<Held> read(Map<String, Held> values, List<Value> names) {
        return names.stream()
                .map(v -> requireNonNull(values.get(v.id()), v.id()))
                .toList();
    }

    private List<? extends Held> compute(Op op, List<Held> in, Map<String, Long> symbols) {
        try {
            TensorType type = op.outputs().getFirst().type();
            return switch (op) {
                case Primitive p -> primitives.compute(p.op(), in, type.dtype(), type.shape(symbols), symbols);
                case Scan s -> ScanLoop.run(s, requireNonNull(bodies.get(s.label())), in, symbols);
                case Composite c ->
                    throw new IllegalStateException(c.label() + ": " + c.name() + " was not decomposed");
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BackendException("graph %s: %s: %s".formatted(graph.name(), op.label(), e.getMessage()), e);
        }
    }
}
