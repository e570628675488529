package org.attention4j.core.model;

import org.attention4j.core.ir.Dim;
import org.attention4j.core.state.Storage;

/**
 * How a model is written as a graph.
 *
 * @param batch the size of the batch dimension: fixed, or {@link org.attention4j.core.ir.Dims#BATCH}
 * @param storage how states are laid out
 */
public record GraphOptions(Dim batch, Storage storage) {
    /** One sequence at a time. */
    public static GraphOptions single(Storage storage) {
        return new GraphOptions(Dim.of(1), storage);
    }
}
