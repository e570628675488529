package org.attention4j.onnx;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.StateUse;

/**
 * Caches of which a run needs to see only the slots that have tokens. Where all dims before that of the slots are 1, these are
 * the beginning of the cache's memory, and ONNX Runtime can be given them as if there were no others: so a run costs what the
 * tokens seen cost, not what there is room for, and nothing is copied.
 *
 * @param states the ids of the caches: all states with the dimension {@link Dims#CONTEXT}
 * @param reach how far into them a run looks
 */
record CachePrefix(ImmutableSet<String> states, StateUse.Reach reach) {
    private static final String SLOTS = ((Dim.Symbol) Dims.CONTEXT).name();
    private static final long LEAST_STEP = 64;
    private static final long STEPS_PER_DOUBLING = 8;

    /** What can be left out of the states of a graph: only what all of them leave out, since they share the dimension. */
    static Optional<CachePrefix> of(Graph graph, StateUse use) {
        List<Value> caches = GraphStates.states(graph).stream()
                .filter(v -> mentionsSlots(v.type()))
                .toList();
        Set<StateUse.Reach> reaches =
                caches.stream().map(v -> use.reaches().get(v.id())).collect(Collectors.toSet());
        Stream<Value> others = Stream.concat(
                GraphStates.freeInputs(graph).stream(),
                graph.results().entrySet().stream()
                        .filter(r -> !graph.states().containsValue(r.getKey()))
                        .map(Map.Entry::getValue));
        boolean possible = reaches.size() == 1
                && caches.stream().allMatch(v -> use.inPlace().contains(v.id()) && slotsComeFirst(v.type()))
                && others.noneMatch(v -> mentionsSlots(v.type()));
        return possible
                ? Optional.ofNullable(reaches.iterator().next()).map(r -> new CachePrefix(ids(caches), r))
                : Optional.empty();
    }

    private static ImmutableSet<String> ids(List<Value> values) {
        return values.stream().map(Value::id).collect(ImmutableSet.toImmutableSet());
    }

    private static boolean slotsComeFirst(TensorType type) {
        int axis = type.dims().indexOf(Dims.CONTEXT);
        return axis >= 0
                && type.dims().subList(0, axis).stream().allMatch(d -> d.equals(Dim.of(1)))
                && type.dims().subList(axis + 1, type.rank()).stream().allMatch(Dim::isFixed);
    }

    private static boolean mentionsSlots(TensorType type) {
        return type.dims().stream().anyMatch(CachePrefix::mentionsSlots);
    }

    private static boolean mentionsSlots(Dim dim) {
        return switch (dim) {
            case Dim.Fixed f -> false;
            case Dim.Symbol s -> s.equals(Dims.CONTEXT);
            case Dim.Sum(Dim a, Dim b) -> mentionsSlots(a) || mentionsSlots(b);
            case Dim.Product(Dim a, Dim b) -> mentionsSlots(a) || mentionsSlots(b);
            case Dim.Quotient(Dim a, long divisor) -> mentionsSlots(a);
        };
    }

    /**
     * The sizes of a run's symbols with the slots that it needs in place of all: rounded up, by an eighth at most or to a multiple
     * of 64, so that runs of many lengths have few shapes.
     */
    Map<String, Long> shorten(Map<String, Long> symbols, Map<String, Tensor> inputs) {
        Tensor position = inputs.get(reach.position());
        Long all = symbols.get(SLOTS);
        if (position == null || all == null) {
            return symbols;
        }
        long needed = reach.added().evaluate(symbols);
        for (long i = 0; i < position.shape().elements(); i++) {
            needed = Math.max(needed, position.getLong(i) + reach.added().evaluate(symbols));
        }
        long step = Math.max(LEAST_STEP, Long.highestOneBit(needed) / STEPS_PER_DOUBLING);
        Map<String, Long> shorter = new HashMap<>(symbols);
        shorter.put(SLOTS, Math.min(all, Math.ceilDiv(needed, step) * step));
        return ImmutableMap.copyOf(shorter);
    }
}
