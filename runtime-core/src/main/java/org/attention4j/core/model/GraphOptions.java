package org.attention4j.core.model;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.state.Storage;

/**
 * How a model is written as a graph.
 *
 * @param batch the size of the batch dimension: fixed, or {@link org.attention4j.core.ir.Dims#BATCH}
 * @param storage how states are laid out
 * @param candidates how many of the most probable tokens a decoder also gives, each number as a pair of results: see {@link
 *     ModelDefinition#candidateIds}
 * @param givenPositions whether the positions of the given tokens are an input, {@link ModelDefinition#POSITIONS}; else they follow
 *     {@link ModelDefinition#POSITION}
 */
public record GraphOptions(Dim batch, Storage storage, List<Integer> candidates, boolean givenPositions) {
    public GraphOptions {
        candidates = ImmutableList.copyOf(candidates);
    }

    /** Without candidates, at positions that follow those seen before. */
    public GraphOptions(Dim batch, Storage storage) {
        this(batch, storage, ImmutableList.of(), false);
    }

    /** One sequence at a time. */
    public static GraphOptions single(Storage storage) {
        return new GraphOptions(Dim.of(1), storage);
    }

    /** The same with so many of the most probable tokens. */
    public GraphOptions withCandidates(List<Integer> counts) {
        return new GraphOptions(batch, storage, counts, givenPositions);
    }

    /** The same with positions given. */
    public GraphOptions withGivenPositions() {
        return new GraphOptions(batch, storage, candidates, true);
    }
}
