package org.attention4j.core.model;

import org.attention4j.core.ir.Dim;
import org.attention4j.core.state.Storage;

/**
 * How a model is written as a graph.
 *
 * @param batch the size of the batch dimension: fixed, or {@link org.attention4j.core.ir.Dims#BATCH}
 * @param storage how states are laid out
 * @param givenPositions whether the positions of the given tokens are an input, {@link ModelDefinition#POSITIONS}; else they follow
 *     {@link ModelDefinition#POSITION}
 */
public record GraphOptions(Dim batch, Storage storage, boolean givenPositions) {
    /** Positions that follow those seen before. */
    public GraphOptions(Dim batch, Storage storage) {
        this(batch, storage, false);
    }

    /** One sequence at a time. */
    public static GraphOptions single(Storage storage) {
        return new GraphOptions(Dim.of(1), storage);
    }
}
