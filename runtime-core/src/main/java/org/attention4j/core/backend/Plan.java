package org.attention4j.core.backend;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What a backend made of a graph.
 *
 * @param backend the backend's name
 * @param device the device's id
 * @param choices one for each composite op of the graph, in order, and for composites inside decompositions
 */
public record Plan(String backend, String device, List<Choice> choices) {
    /** The lowering of a composite that is computed by its decomposition. */
    public static final String DECOMPOSED = "decomposed";

    public Plan {
        choices = ImmutableList.copyOf(choices);
    }

    /**
     * What became of one composite op.
     *
     * @param label where it stands in the model
     * @param op its name
     * @param lowering the name of the lowering taken, or {@link #DECOMPOSED}
     * @param refusals the lowerings of higher priority that were not taken
     * @param note what the lowering tells about itself, such as in which type weights are kept; mostly empty
     */
    public record Choice(String label, String op, String lowering, List<Refusal> refusals, String note) {
        public Choice {
            refusals = ImmutableList.copyOf(refusals);
        }
    }

    /** A lowering that was not taken, and why. */
    public record Refusal(String lowering, String reason) {}
}
