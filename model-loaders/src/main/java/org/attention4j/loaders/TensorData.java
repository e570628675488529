package org.attention4j.loaders;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.attention4j.core.tensor.Tensor;

/**
 * Produces the bytes of one tensor when a file is written, in as many pieces as it likes, so that a model larger than memory
 * can be written.
 */
@FunctionalInterface
public interface TensorData {
    /** Receives the bytes of a tensor, one piece after the other. */
    @FunctionalInterface
    interface Sink {
        /** Appends all bytes of {@code piece}, which may be reused afterwards. */
        void write(MemorySegment piece) throws IOException;
    }

    /** Writes all bytes of the tensor, {@code dtype.byteSize(shape)} in total. */
    void writeTo(Sink sink) throws IOException;

    /** The bytes of a tensor in memory. */
    static TensorData of(Tensor tensor) {
        return sink -> sink.write(tensor.data());
    }
}
