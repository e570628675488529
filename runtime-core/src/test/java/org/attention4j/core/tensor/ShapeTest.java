package org.attention4j.core.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void countsElements() {
        assertEquals(24, Shape.of(2, 3, 4).elements());
        assertEquals(1, Shape.of().elements());
        assertEquals(0, Shape.of(2, 0, 4).elements());
    }

    @Test
    void axesCountFromBothEnds() {
        Shape s = Shape.of(2, 3, 4);
        assertEquals(3, s.rank());
        assertEquals(2, s.dim(0));
        assertEquals(4, s.dim(-1));
    }

    @Test
    void isAValue() {
        long[] dims = {2, 3};
        Shape s = Shape.of(dims);
        dims[0] = 9;
        s.dims()[1] = 9;
        assertArrayEquals(new long[] {2, 3}, s.dims());
        assertEquals(Shape.of(2, 3), s);
        assertEquals(Shape.of(2, 3).hashCode(), s.hashCode());
        assertNotEquals(Shape.of(3, 2), s);
        assertEquals("[2, 3]", s.toString());
        assertEquals("[]", Shape.of().toString());
    }

    @Test
    void refusesWhatNoTensorCanHave() {
        assertEquals(
                "shape [2, -1]: dimension -1 is negative",
                assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1))
                        .getMessage());
        long large = 1L << 32;
        assertEquals(
                "shape [4294967296, 4294967296]: the element count overflows",
                assertThrows(IllegalArgumentException.class, () -> Shape.of(large, large))
                        .getMessage());
    }
}
