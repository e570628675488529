package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PickedRowsTest {
    private final Tensor source = Tensor.f32(Shape.of(4, 2), 0, 1, 2, 3, 4, 5, 6, 7);

    @Test
    void readsRowsInTheOrderGiven() {
        Tensor picked = TensorViews.pickRows(source, new long[] {2, 3, 0, 0});
        assertEquals(Shape.of(4, 2), picked.shape());
        assertArrayEquals(new float[] {4, 5, 6, 7, 0, 1, 0, 1}, picked.toFloatArray());
        Tensor inside = Tensor.of(DType.F32, Shape.of(5), picked.bytes(4, 20));
        assertArrayEquals(new float[] {5, 6, 7, 0, 1}, inside.toFloatArray());
        assertArrayEquals(new float[] {0, 1, 0, 1}, picked.rows(2, 2).toFloatArray());
    }

    @Test
    void copiesNothingBeforeItIsRead() {
        Tensor picked = TensorViews.pickRows(source, new long[] {1});
        source.setDouble(2, 9);
        assertEquals(9, picked.getDouble(0));
    }
}
