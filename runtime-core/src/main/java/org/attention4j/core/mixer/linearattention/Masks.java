package org.attention4j.core.mixer.linearattention;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Ones and zeros for pairs of a chunk's tokens. To multiply by them is faster than to choose. */
final class Masks {
    private Masks() {}

    /** Which pairs keep their number. */
    @FunctionalInterface
    interface Pair {
        /** Of row and column. */
        boolean isKept(int row, int column);
    }

    /** {@code F32[size, size]} with ones where {@code pair} holds. */
    static Value constant(GraphBuilder b, int size, Pair pair) {
        Tensor mask = Tensor.zeros(DType.F32, Shape.of(size, size));
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                mask.setDouble((long) row * size + column, pair.isKept(row, column) ? 1 : 0);
            }
        }
        return b.constant("mask", mask);
    }
}
