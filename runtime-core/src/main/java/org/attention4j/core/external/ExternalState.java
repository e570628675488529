package org.attention4j.core.external;

import java.util.OptionalInt;
import org.attention4j.core.ir.TensorType;

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
}
