package org.attention4j.onnx.linear;

import java.util.function.Supplier;

/**
 * One thing that each block of a quantised type holds, such as its scales.
 *
 * @param bytes what it takes for one block when it is stored by itself
 * @param cutters makes what copies it
 */
record BlockPiece(int bytes, Supplier<Cutter> cutters) {
    /** Copies one thing out of blocks; has room of its own and so belongs to one thread. */
    @FunctionalInterface
    interface Cutter {
        /** Copies it out of the block that begins at {@code block[at]} to {@code piece[to …]}. */
        void cut(byte[] block, int at, byte[] piece, int to);
    }
}
