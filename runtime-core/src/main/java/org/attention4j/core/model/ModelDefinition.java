package org.attention4j.core.model;

import java.util.List;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.state.Retention;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;

/** A model, independent of where it came from and what will run it. Immutable and thread-safe. */
public interface ModelDefinition {
    /** What a model is for, and so what its graph takes and gives. */
    enum Kind {
        /**
         * It tells the next token: inputs {@link #TOKENS}, {@link #POSITION}, {@link #ROWS} and the states, results
         * {@link #LOGITS} and the next states.
         */
        DECODER,
        /** It tells what a text means, in vectors: see {@link EncoderModel} for inputs and results. */
        ENCODER
    }

    /** The graph input {@code I64[batch, seq]}: token ids. */
    String TOKENS = "tokens";

    /** The graph input {@code I64[batch]}: tokens that each sequence has seen before. */
    String POSITION = "position";

    /**
     * The graph input {@code I64[batch, seq]} that is there if {@link GraphOptions#givenPositions} says so: the position of each
     * given token, by which it is rotated or embedded.
     */
    String POSITIONS = "positions";

    /** The graph input {@code I64[rows]}: of the given tokens, those whose logits are wanted. */
    String ROWS = "rows";

    /** The graph result {@code F32[batch, rows, vocabSize]}. */
    String LOGITS = "logits";

    /** The graph input {@code I64[1]}, there if candidates are asked for: ids from this on are none. */
    String CANDIDATE_LIMIT = "candidate_limit";

    /** The graph result {@code F32[batch, rows, count]}: the largest logits in falling order, of equal ones the lower id first. */
    static String candidateLogits(int count) {
        return "candidates." + count + ".logits";
    }

    /** The graph result {@code I64[batch, rows, count]}: the ids of {@link #candidateLogits}. */
    static String candidateIds(int count) {
        return "candidates." + count + ".ids";
    }

    /** Name and sizes. */
    ModelInfo info();

    /** What it is for. */
    default Kind kind() {
        return Kind.DECODER;
    }

    /** The layers, first to last. */
    List<LayerInfo> layers();

    /**
     * The whole model, with the inputs and results of its {@link Kind}.
     *
     * @throws IllegalArgumentException if a weight is missing or has the wrong dims, naming it
     */
    Graph graph(GraphOptions options);

    /** The name of the graph input that holds a slot of a layer's state. */
    static String stateName(int layer, Slot slot) {
        return "state." + layer + "." + slot.name();
    }

    /**
     * Whether some layer keeps every token, so that its state grows with them and a sequence ends when its context is full. A
     * model without such a layer, such as a recurrence, may see any number of tokens.
     */
    default boolean isContextBounded() {
        return layers().stream()
                .flatMap(l -> l.state().slots(Storage.EXACT).stream())
                .anyMatch(slot -> slot.tokens().orElse(null) instanceof Retention.All);
    }

    /** The bytes of one sequence's states with room for {@code contextLength} tokens. */
    default long stateBytes(long contextLength, Storage storage) {
        return layers().stream()
                .mapToLong(l -> l.state().bytes(contextLength, storage))
                .sum();
    }
}
