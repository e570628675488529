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
 */
public record GraphOptions(Dim batch, Storage storage, List<Integer> candidates) {
    public GraphOptions {
        candidates = ImmutableList.copyOf(candidates);
    }

    /** Without candidates. */
    public GraphOptions(Dim batch, Storage storage) {
        this(batch, storage, ImmutableList.of());
    }

    /** One sequence at a time. */
    public static GraphOptions single(Storage storage) {
        return new GraphOptions(Dim.of(1), storage);
    }

    /** The same with so many of the most probable tokens. */
    public GraphOptions withCandidates(List<Integer> counts) {
        return new GraphOptions(batch, storage, counts);
    }
}
