package org.attention4j.core.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The bytes of a tensor that are put together when somebody reads them, out of others that lie differently: in a file's own
 * packing, say. Such a tensor takes no memory of its own. Implementations are thread-safe.
 */
public interface TensorContents {
    /**
     * Writes the bytes from {@code offset} on into all of {@code target}.
     *
     * @param offset the start of an element, or of a block of a quantised dtype
     * @param target a whole number of elements or blocks
     */
    void read(long offset, MemorySegment target);

    /**
     * The contents of some consecutive entries of the tensor's first dimension.
     *
     * @param rowBytes what one entry takes
     */
    default TensorContents rows(long first, long count, long rowBytes) {
        return new RowsOf(this, first * rowBytes);
    }

    /** Says that nothing will be read soon: memory behind the bytes may be given back until something is. */
    default void unload() {}
}
