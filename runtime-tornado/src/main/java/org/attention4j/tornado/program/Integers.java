package org.attention4j.tornado.program;

import org.attention4j.core.backend.BackendException;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;

/** Integers and booleans as the 32-bit integers that they are on a device. */
public final class Integers {
    private Integers() {}

    /**
     * A tensor's elements.
     *
     * @param what it is, for the message
     * @throws BackendException if one has more than 32 bits
     */
    public static int[] of(String what, Tensor t) {
        int[] out = new int[Math.toIntExact(t.shape().elements())];
        for (int i = 0; i < out.length; i++) {
            long value = t.getLong(i);
            if (value != (int) value) {
                throw new BackendException(
                        "%s: element %d is %d, expected at most 32 bits on this backend".formatted(what, i, value));
            }
            out[i] = t.dtype() == DType.BOOL && value != 0 ? 1 : (int) value;
        }
        return out;
    }
}
