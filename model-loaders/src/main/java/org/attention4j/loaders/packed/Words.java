package org.attention4j.loaders.packed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.attention4j.core.tensor.Tensor;

/** A matrix of 32-bit words that hold smaller integers. */
record Words(MemorySegment data, long rows, long columns) {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Of an {@code I32} matrix. */
    static Words of(Tensor t) {
        return new Words(t.data(), t.shape().dim(0), t.shape().dim(1));
    }

    int get(long row, long column) {
        return data.get(I32, (row * columns + column) * Integer.BYTES);
    }

    /** Says that nothing will be read soon. */
    void unload() {
        if (data.isMapped()) {
            data.unload();
        }
    }
}
