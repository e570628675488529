package org.attention4j.core.backend;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.Tensor;

/** A graph ready to run. Thread-safe; any number of {@link Execution}s may run at once. */
public interface CompiledGraph extends AutoCloseable {
    /** The graph that was compiled, as it was given. */
    Graph graph();

    /** What became of each op, and why. */
    Plan plan();

    /**
     * Makes room for the graph's states, all zero.
     *
     * @param sizes the sizes of the symbolic dims of the states' types
     * @throws IllegalArgumentException if a size is missing
     * @throws BackendException if there is not enough memory, saying how much was asked for
     */
    Execution newExecution(Map<String, Long> sizes);

    /**
     * Runs a graph without keeping states: each state's first value is among the inputs and its last among the results.
     *
     * @param inputs a tensor for each input of the graph, of its type
     * @return a tensor for each result, which the caller may keep
     * @throws IllegalArgumentException if an input is missing, unknown, or doesn't fit its type
     * @throws BackendException if the run fails
     * @throws IllegalStateException if this graph is closed
     */
    ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs);

    /** Frees what the graph takes. Closing it again changes nothing. */
    @Override
    void close();
}
