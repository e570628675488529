package org.attention4j.onnx.rows;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.HashMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.SetMultimap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.emit.LoweringContext;

/** Puts one composite in place of each region of ops that compute rows. */
public final class RowFusion {
    /** One of the engine's own nodes is as good as a function. */
    private static final int LEAST_NODES = 2;

    private RowFusion() {}

    /**
     * The graph with fused ops; all values keep their names.
     *
     * @param accept whether a composite is to be taken
     */
    public static Graph fuse(Graph graph, LoweringContext context, Predicate<Composite> accept) {
        Map<Integer, Composite> fused = new HashMap<>();
        SetMultimap<Value, Integer> readers = HashMultimap.create();
        for (int place = 0; place < graph.ops().size(); place++) {
            for (Value v : graph.ops().get(place).inputs()) {
                readers.put(v, place);
            }
        }
        for (RowRegion region : RowRegions.find(graph, context)) {
            if (region.nodes() >= LEAST_NODES) {
                composite(graph, region, readers)
                        .filter(accept)
                        .ifPresent(c -> region.places().forEach(p -> fused.put(p, c)));
            }
        }
        return fused.isEmpty()
                ? graph
                : new Graph(graph.name(), graph.inputs(), ordered(graph, fused), graph.results(), graph.states());
    }

    /** The ops that a fused one is made of. */
    public static List<Op> partsOf(Composite fused) {
        return ((FusedRows) fused.op()).ops();
    }

    private static Optional<Composite> composite(Graph graph, RowRegion region, SetMultimap<Value, Integer> readers) {
        Set<Value> wanted = Set.copyOf(graph.results().values());
        List<Value> results = region.units().stream()
                .map(u -> u.op().outputs().getFirst())
                .filter(v -> wanted.contains(v) || !region.places().containsAll(readers.get(v)))
                .toList();
        if (results.isEmpty()) {
            return Optional.empty();
        }
        List<Op> ops = region.units().stream().map(RowUnit::op).toList();
        return region.function(results).map(rows -> {
            // The function has numbers in it; the ops' meaning has them as inputs.
            Set<Value> given = new LinkedHashSet<>(rows.inputs());
            Set<Value> made = new HashSet<>();
            ops.forEach(op -> {
                op.inputs().stream().filter(v -> !made.contains(v)).forEach(given::add);
                made.addAll(op.outputs());
            });
            List<Value> inputs = List.copyOf(given);
            FusedRows op =
                    new FusedRows(rows.function(), region.shape().leading(), inputs, ops, results, rows.outputs());
            return new Composite(op, inputs, results);
        });
    }

    /** Ops after what they read, otherwise as they were. */
    private static List<Op> ordered(Graph graph, Map<Integer, Composite> fused) {
        List<Op> ops = new ArrayList<>();
        Set<Op> known = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int place = 0; place < graph.ops().size(); place++) {
            Composite whole = fused.get(place);
            Op op = whole != null ? whole : graph.ops().get(place);
            if (known.add(op)) {
                ops.add(op);
            }
        }
        Map<Value, Integer> producers = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            for (Value v : ops.get(i).outputs()) {
                producers.put(v, i);
            }
        }
        int[] missing = new int[ops.size()];
        ListMultimap<Integer, Integer> readers = ArrayListMultimap.create();
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < ops.size(); i++) {
            Set<Integer> before = new HashSet<>();
            ops.get(i)
                    .inputs()
                    .forEach(v -> Optional.ofNullable(producers.get(v)).ifPresent(before::add));
            missing[i] = before.size();
            for (int p : before) {
                readers.put(p, i);
            }
            if (before.isEmpty()) {
                ready.add(i);
            }
        }
        List<Op> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            int i = ready.remove();
            ordered.add(ops.get(i));
            for (int reader : readers.get(i)) {
                if (--missing[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (ordered.size() != ops.size()) {
            throw new IllegalStateException("graph %s: fused rows are in a circle".formatted(graph.name()));
        }
        return ordered;
    }
}
