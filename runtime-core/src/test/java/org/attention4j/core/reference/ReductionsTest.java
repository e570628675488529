package org.attention4j.core.reference;

import static org.attention4j.core.reference.Run.assertF32;
import static org.attention4j.core.reference.Run.assertI64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ReductionsTest {
    /** {@code [2, 3, 2]}. */
    private static final Tensor X = Tensor.f32(Shape.of(2, 3, 2), 1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -60);

    private static Tensor reduce(ReduceKind kind, Tensor x, boolean keepDims, int... axes) {
        return Run.one((b, v) -> b.reduce(kind, v, keepDims, axes), x);
    }

    @Test
    void sumsOverAnyAxes() {
        assertF32(reduce(ReduceKind.SUM, X, false, 0), Shape.of(3, 2), 0, 0, 0, 0, 0, -54);
        assertF32(reduce(ReduceKind.SUM, X, true, 1), Shape.of(2, 1, 2), 9, 12, -9, -66);
        assertF32(reduce(ReduceKind.SUM, X, false, -1), Shape.of(2, 3), 3, 7, 11, -3, -7, -65);
        assertF32(reduce(ReduceKind.SUM, X, false, 0, 2), Shape.of(3), 0, 0, -54);
        assertF32(reduce(ReduceKind.SUM, X, true, 2, 0), Shape.of(1, 3, 1), 0, 0, -54);
        assertF32(reduce(ReduceKind.SUM, X, false, 0, 1, 2), Shape.of(), -54);
    }

    @Test
    void otherKinds() {
        assertF32(reduce(ReduceKind.MEAN, X, false, 1), Shape.of(2, 2), 3, 4, -3, -22);
        assertF32(reduce(ReduceKind.MAX, X, false, 1), Shape.of(2, 2), 5, 6, -1, -2);
        assertF32(reduce(ReduceKind.MIN, X, true, 2), Shape.of(2, 3, 1), 1, 3, 5, -2, -4, -60);
        Tensor integers = Tensor.i64(Shape.of(2, 2), 1, -2, 3, Long.MAX_VALUE);
        assertI64(reduce(ReduceKind.MAX, integers, false, 1), Shape.of(2), 1, Long.MAX_VALUE);
        assertI64(reduce(ReduceKind.MIN, integers, false, 0), Shape.of(2), 1, -2);
        assertI64(reduce(ReduceKind.SUM, integers, false, 0), Shape.of(2), 4, Long.MAX_VALUE - 2);
    }

    @Test
    void infinitiesAndNansShow() {
        float inf = Float.POSITIVE_INFINITY;
        Tensor x = Tensor.f32(Shape.of(2, 2), -inf, -inf, 1, Float.NaN);
        assertF32(reduce(ReduceKind.MAX, x, false, 1), Shape.of(2), -inf, Float.NaN);
    }

    @Test
    void onlySumsMayBeOfNothing() {
        Tensor empty = Tensor.f32(Shape.of(2, 0));
        assertF32(reduce(ReduceKind.SUM, empty, false, 1), Shape.of(2), 0, 0);
        assertF32(reduce(ReduceKind.MAX, empty, false, 0), Shape.of(0));
        assertEquals(
                "graph test: reduce_max: MAX of no entries: dimensions [1] of [2, 0]",
                Run.failure((b, in) -> List.of(b.reduce(ReduceKind.MAX, in.getFirst(), false, 1)), empty));
    }

    @Test
    void sumsKeepWhatFloatsWouldLose() {
        Tensor x = Tensor.f32(Shape.of(3), 1e8f, 1, -1e8f);
        assertF32(reduce(ReduceKind.SUM, x, false, 0), Shape.of(), 1);
    }

    @Test
    void runningSums() {
        Tensor x = Tensor.f32(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertF32(Run.one((b, v) -> b.cumSum(v, 1, false, false), x), Shape.of(2, 3), 1, 3, 6, 4, 9, 15);
        assertF32(Run.one((b, v) -> b.cumSum(v, -1, true, false), x), Shape.of(2, 3), 0, 1, 3, 0, 4, 9);
        assertF32(Run.one((b, v) -> b.cumSum(v, 1, false, true), x), Shape.of(2, 3), 6, 5, 3, 15, 11, 6);
        assertF32(Run.one((b, v) -> b.cumSum(v, 1, true, true), x), Shape.of(2, 3), 5, 3, 0, 11, 6, 0);
        assertF32(Run.one((b, v) -> b.cumSum(v, 0, false, false), x), Shape.of(2, 3), 1, 2, 3, 5, 7, 9);
        assertI64(
                Run.one((b, v) -> b.cumSum(v, 0, false, false), Tensor.i64(Shape.of(3), 1, 1, 1)),
                Shape.of(3),
                1,
                2,
                3);
        assertF32(Run.one((b, v) -> b.cumSum(v, 0, false, true), Tensor.f32(Shape.of(0, 2))), Shape.of(0, 2));
    }

    @Test
    void largestEntriesInFallingOrderLowerIndexFirst() {
        Tensor x = Tensor.f32(Shape.of(2, 4), 3, 1, 3, 2, -1, -1, -1, -1);
        List<Tensor> last = Run.all((b, in) -> b.topK(in.getFirst(), 3, -1), x);
        assertF32(last.get(0), Shape.of(2, 3), 3, 3, 2, -1, -1, -1);
        assertI64(last.get(1), Shape.of(2, 3), 0, 2, 3, 0, 1, 2);
        List<Tensor> first = Run.all((b, in) -> b.topK(in.getFirst(), 1, 0), x);
        assertF32(first.get(0), Shape.of(1, 4), 3, 1, 3, 2);
        assertI64(first.get(1), Shape.of(1, 4), 0, 0, 0, 0);
    }
}
