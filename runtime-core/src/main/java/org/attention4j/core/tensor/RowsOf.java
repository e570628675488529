package org.attention4j.core.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A part of a tensor's contents.
 *
 * @param start where it begins in {@code whole}, in bytes
 */
record RowsOf(TensorContents whole, long start) implements TensorContents {
    @Override
    public void read(long offset, MemorySegment target) {
        whole.read(start + offset, target);
    }

    @Override
    public void unload() {
        whole.unload();
    }
}
