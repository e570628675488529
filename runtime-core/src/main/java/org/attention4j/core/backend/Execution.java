package org.attention4j.core.backend;

import java.util.Map;
import java.util.Set;
import org.attention4j.core.tensor.Tensor;

/** One set of a graph's states, and runs that change them. Not thread-safe: one thread at a time. */
public interface Execution extends AutoCloseable {
    /**
     * Runs the graph once on the present states and replaces these by the next ones.
     *
     * @param inputs a tensor for each input that is not a state
     * @return a tensor for each result that is not a state; its memory belongs to this execution and holds until the next run
     * @throws IllegalArgumentException if an input is missing, unknown, or doesn't fit its type
     * @throws BackendException if the run fails
     * @throws IllegalStateException if this execution or its graph is closed
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs);

    /**
     * The same for a caller who needs only some results: a backend may leave out the others, and what only they need.
     *
     * @param wanted names of results that are no states
     * @return at least the wanted ones
     */
    default Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted) {
        return run(inputs);
    }

    /** A copy of the present value of the state {@code input}, of the type that the graph gives it. */
    Tensor readState(String input);

    /** Replaces the present value of the state {@code input}. */
    void writeState(String input, Tensor value);

    /** Frees the states. Closing it again changes nothing. */
    @Override
    void close();
}
