package org.attention4j.onnx.rows;

import com.google.common.collect.ImmutableListMultimap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.emit.LoweringContext;

/** Finds regions of a graph that can be one function of rows each: what is between its ends is in it. */
final class RowRegions {
    /** How far apart a region's ops may be in the graph. A layer's are nearer. */
    private static final int MOST_APART = 400;

    private final Graph graph;
    private final LoweringContext context;
    private final Map<Value, Integer> producers = new HashMap<>();
    private final ImmutableListMultimap<Value, Integer> readers;
    private final Map<Integer, RowRegion> regions = new HashMap<>();
    private final List<RowRegion> all = new ArrayList<>();

    private RowRegions(Graph graph, LoweringContext context) {
        this.graph = graph;
        this.context = context;
        ImmutableListMultimap.Builder<Value, Integer> reading = ImmutableListMultimap.builder();
        for (int place = 0; place < graph.ops().size(); place++) {
            Op op = graph.ops().get(place);
            for (Value v : op.outputs()) {
                producers.put(v, place);
            }
            for (Value v : new LinkedHashSet<>(op.inputs())) {
                reading.put(v, place);
            }
        }
        this.readers = reading.build();
    }

    /** Regions that share no op, so that with each of them as one op the graph still has no circle. */
    static List<RowRegion> find(Graph graph, LoweringContext context) {
        RowRegions r = new RowRegions(graph, context);
        r.grow();
        r.mergeNeighbours();
        return r.all;
    }

    /** Goes through the ops, each of which joins those that it reads from. */
    private void grow() {
        RowUnit.Finder finder = new RowUnit.Finder();
        for (int place = 0; place < graph.ops().size(); place++) {
            Op op = graph.ops().get(place);
            Optional<RowUnit> unit = finder.find(op);
            if (unit.isPresent()) {
                place(place, unit.get());
            }
        }
    }

    private void place(int place, RowUnit unit) {
        List<RowRegion> before = new ArrayList<>(new LinkedHashSet<>(unit.op().inputs().stream()
                .flatMap(v -> Optional.ofNullable(producers.get(v)).stream())
                .flatMap(p -> Optional.ofNullable(regions.get(p)).stream())
                .toList()));
        List<List<RowRegion>> tries = new ArrayList<>();
        if (before.size() > 1) {
            tries.add(before);
        }
        before.reversed().forEach(r -> tries.add(List.of(r)));
        for (List<RowRegion> joined : tries) {
            RowRegion first = joined.getFirst();
            if (joined.stream().allMatch(r -> r.shape().equals(first.shape()))) {
                RowRegion together = first.with(joined.subList(1, joined.size()));
                together.add(place, unit);
                if (isRegion(together)) {
                    replace(joined, together);
                    return;
                }
            }
        }
        if (!unit.isReshape()) {
            RowShape.of(rowDims(unit.op())).ifPresent(shape -> {
                RowRegion alone = new RowRegion(shape);
                alone.add(place, unit);
                if (alone.isFunction(context)) {
                    replace(List.of(), alone);
                }
            });
        }
    }

    /** Of a sum, those of what is added up. */
    private static List<org.attention4j.core.ir.Dim> rowDims(Op op) {
        boolean isSum = op instanceof Primitive p && p.op() instanceof PrimitiveOp.Reduce;
        return (isSum ? op.inputs() : op.outputs()).getFirst().type().dims();
    }

    private void replace(List<RowRegion> parts, RowRegion whole) {
        all.removeAll(parts);
        all.add(whole);
        whole.places().forEach(p -> regions.put(p, whole));
    }

    private boolean isRegion(RowRegion r) {
        return isConvex(r) && r.isFunction(context);
    }

    /** Joins regions that read or give what an op reads: between them is nothing, and together they are one node less. */
    private void mergeNeighbours() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (RowRegion r : List.copyOf(all)) {
                if (all.contains(r) && mergeWithNeighbour(r)) {
                    changed = true;
                }
            }
        }
    }

    private boolean mergeWithNeighbour(RowRegion r) {
        for (RowRegion other : neighbours(r)) {
            if (other.shape().equals(r.shape())) {
                RowRegion together = r.with(List.of(other));
                if (isRegion(together)) {
                    replace(List.of(r, other), together);
                    return true;
                }
            }
        }
        return false;
    }

    private Set<RowRegion> neighbours(RowRegion r) {
        Set<RowRegion> found = new LinkedHashSet<>();
        for (RowUnit unit : r.units()) {
            for (Value v : unit.op().inputs()) {
                addRegionsOf(found, readers.get(v));
            }
            for (Value v : unit.op().outputs()) {
                for (int reader : readers.get(v)) {
                    for (Value beside : graph.ops().get(reader).inputs()) {
                        Integer producer = producers.get(beside);
                        addRegionsOf(found, producer == null ? List.of() : List.of(producer));
                    }
                }
            }
        }
        found.remove(r);
        return found;
    }

    private void addRegionsOf(Set<RowRegion> found, List<Integer> places) {
        places.forEach(p -> Optional.ofNullable(regions.get(p)).ifPresent(found::add));
    }

    /** Whether no way leaves the region and comes back. */
    private boolean isConvex(RowRegion region) {
        Set<Integer> inside = region.places();
        int last = inside.stream().mapToInt(Integer::intValue).max().orElse(0);
        int first = inside.stream().mapToInt(Integer::intValue).min().orElse(0);
        if (last - first > MOST_APART) {
            return false;
        }
        Deque<Integer> next = new ArrayDeque<>();
        Set<Integer> visited = new HashSet<>();
        inside.forEach(p -> leave(p, inside, next));
        while (!next.isEmpty()) {
            int place = next.pop();
            if (inside.contains(place)) {
                return false;
            }
            // Other regions reach back, but not that far.
            if (place > last + MOST_APART || !visited.add(place)) {
                continue;
            }
            RowRegion other = regions.get(place);
            if (other != null && other.places().stream().noneMatch(inside::contains)) {
                for (int p : other.places()) {
                    visited.add(p);
                    enter(p, next);
                }
            } else {
                enter(place, next);
            }
        }
        return true;
    }

    private void leave(int place, Set<Integer> inside, Deque<Integer> next) {
        for (Value v : graph.ops().get(place).outputs()) {
            readers.get(v).stream().filter(p -> !inside.contains(p)).forEach(next::add);
        }
    }

    private void enter(int place, Deque<Integer> next) {
        graph.ops().get(place).outputs().forEach(v -> next.addAll(readers.get(v)));
    }
}
