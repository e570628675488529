package org.attention4j.core.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.attention4j.core.OneOp;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class L2NormTest {
    @Test
    void dividesByTheLength() {
        Tensor x = Tensor.f32(Shape.of(2, 2), 3, 4, 0, -5);
        assertArrayEquals(new float[] {0.6f, 0.8f, 0, -1}, OneOp.run(new L2Norm(0), x), 1e-6f);
        assertArrayEquals(new float[] {0, 0}, OneOp.run(new L2Norm(1e-6), Tensor.f32(Shape.of(1, 2), 0, 0)));
    }
}
