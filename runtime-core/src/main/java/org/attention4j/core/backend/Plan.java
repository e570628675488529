package org.attention4j.core.backend;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;

/**
 * What a backend made of a graph.
 *
 * @param backend the backend's name
 * @param device the device's id
 * @param choices one for each composite op of the graph, in order, and for composites inside decompositions
 * @param launches what one run asks of the device, in order, if the plan was made for sizes of the graph's symbolic dims and the
 *     backend tells it
 */
public record Plan(String backend, String device, List<Choice> choices, List<Launch> launches) {
    /** The lowering of a composite that is computed by its decomposition. */
    public static final String DECOMPOSED = "decomposed";

    public Plan {
        choices = ImmutableList.copyOf(choices);
        launches = ImmutableList.copyOf(launches);
    }

    /** A plan for no sizes in particular. */
    public Plan(String backend, String device, List<Choice> choices) {
        this(backend, device, choices, ImmutableList.of());
    }

    /** The same for one run. */
    public Plan withLaunches(List<Launch> ofOneRun) {
        return new Plan(backend, device, choices, ofOneRun);
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

    /**
     * Something that the device is asked to do.
     *
     * @param kernel the name of what runs there
     * @param times how often it is asked one after the other, as in a loop
     * @param labels where the ops stand in the model that this is for, each once; the first asked for it, and the others, which
     *     share it, cost no launch
     */
    public record Launch(String kernel, int times, List<String> labels) {
        public Launch {
            labels = ImmutableSet.copyOf(labels).asList();
        }

        /** Whether an op in this scope, such as a layer, asked for it. */
        public boolean isOf(String scope) {
            return !labels.isEmpty() && (labels.getFirst() + "/").startsWith(scope + "/");
        }
    }
}
