package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ToleranceTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private final Tolerance tolerance = new Tolerance(0.5, 0.25);

    @Test
    void growsWithTheExpectedValue() {
        assertTrue(tolerance.accepts(3, 2));
        assertFalse(tolerance.accepts(3.0625, 2));
        assertTrue(tolerance.accepts(-5, -6));
    }

    @Test
    void oddValuesEqualThemselvesOnly() {
        assertTrue(tolerance.accepts(Double.NaN, Double.NaN));
        assertFalse(tolerance.accepts(Double.NaN, 1));
        assertFalse(tolerance.accepts(1, Double.NaN));
        assertTrue(tolerance.accepts(-INF, -INF));
        assertFalse(tolerance.accepts(INF, -INF));
        assertFalse(tolerance.accepts(1e30, INF));
        assertFalse(tolerance.accepts(INF, 1e30));
    }

    @Test
    void printsBothTerms() {
        assertEquals("5.0e-01 + 2.5e-01·|y|", tolerance.toString());
    }
}
