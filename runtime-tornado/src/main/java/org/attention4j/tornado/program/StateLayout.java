package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Shape;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Machine;
import org.attention4j.tornado.machine.Regions;

/**
 * Where each state of an execution lies, relative to where the execution's states begin.
 *
 * @param places by name of the state
 * @param floats elements of the float states
 * @param ints elements of the integer states
 */
public record StateLayout(Map<String, Place> places, int floats, int ints) {
    /** A state's bank, offset and shape. */
    public record Place(Bank bank, int offset, Shape shape) {}

    public StateLayout {
        places = ImmutableMap.copyOf(places);
    }

    /** Whether so much is free on a machine. */
    public boolean fits(Machine machine) {
        return floats <= machine.mostFree(Bank.FLOATS) && ints <= machine.mostFree(Bank.INTS);
    }

    /**
     * The largest size of a symbol with which states that don't fit on a machine would fit.
     *
     * @return empty if there is none
     */
    public static OptionalLong largestThatFits(Graph graph, Map<String, Long> sizes, String symbol, Machine machine) {
        long fits = 0;
        long fitsNot = Optional.ofNullable(sizes.get(symbol)).orElseThrow();
        while (fitsNot - fits > 1) {
            long middle = (fits + fitsNot) >>> 1;
            Map<String, Long> others = new HashMap<>(sizes);
            others.put(symbol, middle);
            if (of(graph, others).fits(machine)) {
                fits = middle;
            } else {
                fitsNot = middle;
            }
        }
        return fits > 0 ? OptionalLong.of(fits) : OptionalLong.empty();
    }

    /** The layout for these sizes of the states' symbolic dims. */
    public static StateLayout of(Graph graph, Map<String, Long> sizes) {
        ImmutableMap.Builder<String, Place> places = ImmutableMap.builder();
        long[] ends = new long[2];
        for (Value v : GraphStates.states(graph)) {
            Shape shape = v.type().shape(sizes);
            Bank bank = v.type().dtype().isFloat() ? Bank.FLOATS : Bank.INTS;
            long begin = ends[bank.index()];
            long end = begin + Math.ceilDiv(shape.elements(), Regions.ALIGNMENT) * Regions.ALIGNMENT;
            if (end > Integer.MAX_VALUE) {
                throw new BackendException(
                        "graph %s: its states take more than %d elements with %s, expected fewer: state %s"
                                .formatted(graph.name(), Integer.MAX_VALUE, sizes, v));
            }
            places.put(v.id(), new Place(bank, (int) begin, shape));
            ends[bank.index()] = end;
        }
        return new StateLayout(places.buildOrThrow(), (int) ends[0], (int) ends[1]);
    }
}
