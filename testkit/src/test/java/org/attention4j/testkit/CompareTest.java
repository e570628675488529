package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CompareTest {
    private static final Tolerance TENTH = new Tolerance(0.1, 0);

    @Test
    void findsTheWorstElementRelativeToTheTolerance() {
        Tensor expected = Tensor.f32(Shape.of(2, 2), 100, 1, 2, 0);
        Tensor actual = Tensor.f32(Shape.of(2, 2), 101, 1, 2.5f, 0);

        Compare c = Compare.of(expected, actual, new Tolerance(0.01, 0.02));

        assertEquals(1, c.failures());
        assertEquals(2, c.worst());
        assertEquals(1, c.maxAbs());
        assertEquals(0.25, c.maxRel());
    }

    @Test
    void messageNamesIndexValuesAndTolerance() {
        Tensor expected = Tensor.f32(Shape.of(2, 3), 0, 0, 0, 0, 0, 4);
        Tensor actual = Tensor.f32(Shape.of(2, 3), 0, 0, 0, 0, 0, 5);

        AssertionError e = assertThrows(AssertionError.class, () -> Compare.assertClose("y", expected, actual, TENTH));

        assertEquals(
                "y: 1 of 6 elements differ; worst at [1, 2]: got 5.0, expected 4.0 ± (0.100 + 0.00·|expected|);"
                        + " max abs 1.00, rel 0.250",
                e.getMessage());
    }

    @Test
    void integersMustBeEqual() {
        Tensor a = Tensor.i64(Shape.of(1), 1_000_000);
        Tensor b = Tensor.i64(Shape.of(1), 1_000_001);

        assertThrows(AssertionError.class, () -> Compare.assertClose("i", a, b, new Tolerance(10, 10)));
        Compare.assertClose("i", a, a, Tolerance.EXACT);
    }

    @Test
    void shapesDtypesAndNamesMustBeEqual() {
        Tensor f = Tensor.f32(Shape.of(1), 1);

        assertThrows(AssertionError.class, () -> Compare.assertClose("f", f, Tensor.f32(Shape.of(1, 1), 1), TENTH));
        assertThrows(AssertionError.class, () -> Compare.assertClose("f", f, Tensor.i64(Shape.of(1), 1), TENTH));
        assertThrows(AssertionError.class, () -> Compare.assertClose("f", Map.of("a", f), Map.of("b", f), TENTH));
    }

    @Test
    void onlyEqualInfinitiesAndNansAreNear() {
        assertTrue(TENTH.allows(Double.NaN, Double.NaN));
        assertTrue(TENTH.allows(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
        assertFalse(TENTH.allows(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
        assertFalse(TENTH.allows(1, Double.NaN));
        assertFalse(TENTH.allows(Double.NaN, 1));
        assertFalse(new Tolerance(1, 1).allows(Double.POSITIVE_INFINITY, 1));

        Tensor nan = Tensor.f32(Shape.of(2), 1, Float.NaN);
        assertEquals(1, Compare.of(Tensor.f32(Shape.of(2), 1, 2), nan, TENTH).worst());
    }
}
