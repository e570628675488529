package org.attention4j.core.linear;

import java.lang.foreign.ValueLayout;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Block-quantised tensors for tests. */
final class QuantizedRows {
    private QuantizedRows() {}

    /** A tensor of arbitrary bytes all of whose values are small. */
    static Tensor arbitrary(DType dtype, Shape shape) {
        Tensor tensor = Tensor.zeros(dtype, shape);
        for (long i = 0; i < tensor.data().byteSize(); i++) {
            // Every second byte is 0x1c at most, so that two bytes read as an f16 scale are below 0.005.
            long value = i % 2 == 0 ? 37 * i : (11 * i) % 0x1d;
            tensor.data().set(ValueLayout.JAVA_BYTE, i, (byte) value);
        }
        return tensor;
    }
}
