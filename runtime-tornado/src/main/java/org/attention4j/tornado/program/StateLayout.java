package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Shape;
import org.attention4j.tornado.machine.Bank;
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
