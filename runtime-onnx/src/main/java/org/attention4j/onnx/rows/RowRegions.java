package org.attention4j.onnx.rows;

import com.google.common.collect.ImmutableListMultimap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.emit.LoweringContext;

/** Finds regions of a graph that can be one function of rows each: what is between its ends is in it. */
final class RowRegions {
    /** Regions farther apart are of different layers. */
    private static final int FAR = 64;

    private final Graph graph;
    private final LoweringContext context;
    private final Map<Value, Integer> producers = new HashMap<>();
    private final ImmutableListMultimap<Value, Integer> readers;
    private final Set<Value> constants = new HashSet<>();
    private final Map<Integer, RowRegion> regions = new HashMap<>();
    private final Set<RowRegion> all = new LinkedHashSet<>();

    private RowRegions(Graph graph, LoweringContext context) {
        this.graph = graph;
        this.context = context;
        ImmutableListMultimap.Builder<Value, Integer> reading = ImmutableListMultimap.builder();
        for (int place = 0; place < graph.ops().size(); place++) {
            Op op = graph.ops().get(place);
            if (op instanceof Primitive p && p.op() instanceof PrimitiveOp.Constant) {
                constants.addAll(op.outputs());
                continue;
            }
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
        return List.copyOf(r.all);
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
        if (before.size() > 1 && joinAll(before, place, unit)) {
            return;
        }
        for (RowRegion region : before.reversed()) {
            if (isConvex(with(region.places(), place)) && region.add(place, unit)) {
                regions.put(place, region);
                return;
            }
        }
        if (!unit.isReshape()) {
            RowShape.of(rowDims(unit.op())).ifPresent(shape -> {
                RowRegion alone = new RowRegion(shape, context);
                if (alone.add(place, unit)) {
                    replace(List.of(), alone);
                }
            });
        }
    }

    private boolean joinAll(List<RowRegion> before, int place, RowUnit unit) {
        Set<Integer> places = new HashSet<>(Set.of(place));
        before.forEach(r -> places.addAll(r.places()));
        if (!isConvex(places)) {
            return false;
        }
        Optional<RowRegion> together = RowRegion.of(before, context).filter(r -> r.add(place, unit));
        together.ifPresent(r -> replace(before, r));
        return together.isPresent();
    }

    private static Set<Integer> with(Set<Integer> places, int another) {
        Set<Integer> all = new HashSet<>(places);
        all.add(another);
        return all;
    }

    /** Of a sum, those of what is added up. */
    private static List<Dim> rowDims(Op op) {
        boolean isSum = op instanceof Primitive p && p.op() instanceof PrimitiveOp.Reduce;
        return (isSum ? op.inputs() : op.outputs()).getFirst().type().dims();
    }

    private void replace(List<RowRegion> parts, RowRegion whole) {
        parts.forEach(all::remove);
        all.add(whole);
        whole.places().forEach(p -> regions.put(p, whole));
    }

    /** Joins regions that read or give what an op reads: together they are one node less. */
    private void mergeNeighbours() {
        Deque<RowRegion> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            RowRegion r = open.pop();
            if (all.contains(r)) {
                mergeWithNeighbour(r).ifPresent(open::push);
            }
        }
    }

    private Optional<RowRegion> mergeWithNeighbour(RowRegion r) {
        for (RowRegion other : neighbours(r)) {
            Set<Integer> places = new HashSet<>(r.places());
            places.addAll(other.places());
            if (isConvex(places)) {
                Optional<RowRegion> together = RowRegion.of(List.of(r, other), context);
                if (together.isPresent()) {
                    replace(List.of(r, other), together.get());
                    return together;
                }
            }
        }
        return Optional.empty();
    }

    private Set<RowRegion> neighbours(RowRegion r) {
        Set<RowRegion> found = new LinkedHashSet<>();
        for (RowUnit unit : r.units()) {
            for (Value v : unit.op().inputs()) {
                if (!constants.contains(v)) {
                    addRegionsOf(found, readers.get(v));
                }
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
        found.removeIf(other -> r.distance(other) > FAR || !other.shape().equals(r.shape()));
        return found;
    }

    private void addRegionsOf(Set<RowRegion> found, List<Integer> places) {
        places.forEach(p -> Optional.ofNullable(regions.get(p)).ifPresent(found::add));
    }

    /** Whether no way leaves these ops and comes back: looked for backwards, from what they read. */
    private boolean isConvex(Set<Integer> inside) {
        int first = Collections.min(inside);
        Deque<Integer> next = new ArrayDeque<>();
        Set<Integer> visited = new HashSet<>();
        inside.forEach(p -> producersOf(p, next));
        next.removeIf(inside::contains);
        while (!next.isEmpty()) {
            int place = next.pop();
            if (inside.contains(place)) {
                return false;
            }
            if (!visited.add(place)) {
                continue;
            }
            // Another region is one op, whichever of its ops is read.
            RowRegion other = regions.get(place);
            if (other == null) {
                enter(place, first, next);
            } else if (other.last() > first) {
                visited.addAll(other.places());
                other.places().forEach(p -> enter(p, Integer.MIN_VALUE, next));
            }
        }
        return true;
    }

    /** Goes on to what an op reads, unless it stands before {@code first}. */
    private void enter(int place, int first, Deque<Integer> next) {
        if (place > first) {
            producersOf(place, next);
        }
    }

    private void producersOf(int place, Deque<Integer> next) {
        for (Value v : graph.ops().get(place).inputs()) {
            Integer producer = producers.get(v);
            if (producer != null) {
                next.add(producer);
            }
        }
    }
}
