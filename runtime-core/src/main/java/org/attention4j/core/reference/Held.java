package org.attention4j.core.reference;

import org.attention4j.core.tensor.Shape;

/** A value while a graph runs: ready to be worked on, or still as it is stored. */
sealed interface Held permits Array, Stored {
    /** The sizes of its dimensions. */
    Shape shape();

    /** The value, ready to be worked on: block-quantised values dequantised. */
    Array load();
}
