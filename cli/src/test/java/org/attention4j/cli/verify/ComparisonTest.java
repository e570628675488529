package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Tolerance TOLERANCE = new Tolerance(0.5, 0);

    private static Comparison compare(Tensor actual, Tensor expected) {
        return Comparison.of("out", actual, expected, TOLERANCE);
    }

    @Test
    void findsTheLargestErrorWithinTolerance() {
        Tensor actual = Tensor.f32(Shape.of(3), 1, 2.25f, Float.NaN);
        Tensor expected = Tensor.f32(Shape.of(3), 1.125f, 2, Float.NaN);
        assertEquals(new Comparison(0.25, Optional.empty()), compare(actual, expected));
    }

    @Test
    void namesTheFirstEntryOutOfTolerance() {
        Tensor actual = Tensor.f32(Shape.of(2, 2), 0, 0, 1, 2);
        Tensor expected = Tensor.f32(Shape.of(2, 2), 0, 0, 0, 0);
        assertEquals(new Comparison(2, Optional.of("out[1, 0] is 1.0, expected 0.0")), compare(actual, expected));
    }

    @Test
    void aNumberInPlaceOfNanIsAnError() {
        Comparison comparison = compare(Tensor.f32(Shape.of(1), 1), Tensor.f32(Shape.of(1), Float.NaN));
        assertEquals(new Comparison(Double.NaN, Optional.of("out[0] is 1.0, expected NaN")), comparison);
    }

    @Test
    void comparesIntegers() {
        Comparison comparison = compare(Tensor.i64(Shape.of(2), 4, 7), Tensor.i64(Shape.of(2), 4, 6));
        assertEquals(Optional.of("out[1] is 7.0, expected 6.0"), comparison.mismatch());
    }

    @Test
    void shapesMustBeEqual() {
        Comparison comparison = compare(Tensor.f32(Shape.of(1, 2), 1, 2), Tensor.f32(Shape.of(2), 1, 2));
        assertEquals(Optional.of("out has shape [1, 2], expected [2]"), comparison.mismatch());
    }
}
