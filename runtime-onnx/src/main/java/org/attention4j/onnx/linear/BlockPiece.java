package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;

/**
 * One thing that each block of a quantised type holds, such as its scales.
 *
 * @param bytes what it takes for one block when it is stored by itself
 * @param cutter copies it
 */
record BlockPiece(int bytes, Cutter cutter) {
    /** Copies one thing out of blocks. */
    @FunctionalInterface
    interface Cutter {
        /** Copies it out of {@code count} blocks from byte {@code from} on into {@code target} from byte {@code to} on. */
        void cut(MemorySegment blocks, long from, int count, MemorySegment target, long to);
    }
}
