package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomTensorsTest {
    private static final Shape SHAPE = Shape.of(3, 256);

    @ParameterizedTest
    @EnumSource(DType.class)
    void theSeedDecides(DType dtype) {
        Tensor t = RandomTensors.of(dtype, 1, SHAPE);
        assertEquals(-1, t.data().mismatch(RandomTensors.of(dtype, 1, SHAPE).data()));
        assertNotEquals(-1, t.data().mismatch(RandomTensors.of(dtype, 2, SHAPE).data()));
        assertEquals(dtype + "[3, 256]", t.toString());
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyElementIsFinite(DType dtype) {
        for (float x : RandomTensors.of(dtype, 3, SHAPE).toFloatArray()) {
            assertTrue(Float.isFinite(x));
        }
    }

    @Test
    void rangesHold() {
        for (float x : RandomTensors.uniform(1, 2, 3, SHAPE).toFloatArray()) {
            assertTrue(x >= 2 && x <= 3);
        }
        for (long x : RandomTensors.indices(1, -2, 2, SHAPE).toLongArray()) {
            assertTrue(x >= -2 && x < 2);
        }
        double squares = 0;
        for (float x : RandomTensors.normal(1, 10, SHAPE).toFloatArray()) {
            squares += x * x;
        }
        assertEquals(10, Math.sqrt(squares / SHAPE.elements()), 1);
    }
}
