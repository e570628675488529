package org.attention4j.core.model;

import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;

/**
 * One layer of a {@link DecoderModel}.
 *
 * @param name what its weights' names begin with, such as {@code model.layers.3}
 * @param mixer its token mixer
 * @param block what it computes around the mixer
 */
public record DecoderLayer(String name, SequenceMixer mixer, Block block) {
    /** The body of a layer: norms, the mixer, the MLP, and the residuals between them. */
    @FunctionalInterface
    public interface Block {
        /** Writes the layer; x and the result are {@code F32[batch, seq, hidden]}. */
        Value write(LayerBuilder m, Value x);
    }
}
