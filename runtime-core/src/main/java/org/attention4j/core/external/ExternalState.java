package org.attention4j.core.external;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalInt;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.Shape;

/**
 * A tensor that an external decoder takes and gives back.
 *
 * @param input the engine's name of what it takes
 * @param output the engine's name of what it gives
 * @param layer the layer that it belongs to
 * @param type of one sequence; where it grows, that dimension is {@link org.attention4j.core.ir.Dims#CONTEXT}
 * @param growing the dimension that has an entry for each token seen, if one has
 */
public record ExternalState(String input, String output, int layer, TensorType type, OptionalInt growing) {
    public ExternalState {
        if (layer < 0) {
            throw new IllegalArgumentException("state %s: layer %d is negative".formatted(input, layer));
        }
    }

    /**
     * Copies the first tokens of a state that grows, as many as both have.
     *
     * @param from the state with {@code fromTokens} tokens
     * @param to the state with {@code toTokens} tokens
     */
    public void copyTokens(MemorySegment from, long fromTokens, MemorySegment to, long toTokens) {
        long both = Math.min(fromTokens, toTokens);
        if (both == 0) {
            return;
        }
        long row = from.byteSize() / fromTokens;
        long outer = 1;
        for (int i = 0; i < growing.orElseThrow(); i++) {
            outer *= type.fixedDim(i);
        }
        long inner = row / outer;
        for (long i = 0; i < outer; i++) {
            MemorySegment.copy(from, i * fromTokens * inner, to, i * toTokens * inner, both * inner);
        }
    }

    /** The state's shape with so many tokens in it. */
    public Shape shape(long tokens) {
        return type.shape(Map.of(((Dim.Symbol) Dims.CONTEXT).name(), tokens));
    }
}
