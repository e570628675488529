package org.attention4j.core.reference;

import static org.attention4j.core.reference.Run.assertF32;
import static org.attention4j.core.reference.Run.assertI64;
import static org.attention4j.core.reference.Run.assertIntegers;
import static org.attention4j.core.reference.Run.bools;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MovementTest {
    private static final Tensor X = Tensor.f32(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);

    private static Tensor two(Binary op, Tensor x, Tensor y) {
        return Run.all((b, in) -> List.of(op.apply(b, in.get(0), in.get(1))), x, y)
                .getFirst();
    }

    private interface Binary {
        Value apply(GraphBuilder b, Value x, Value y);
    }

    @Test
    void gatherReplacesTheAxis() {
        Tensor indices = Tensor.i64(Shape.of(2, 2), 2, 0, 1, 1);
        assertF32(two((b, x, i) -> b.gather(x, i, 0), X, indices), Shape.of(2, 2, 2), 5, 6, 1, 2, 3, 4, 3, 4);
        assertF32(two((b, x, i) -> b.gather(x, i, -1), X, Tensor.scalar(1L)), Shape.of(3), 2, 4, 6);
        assertF32(two((b, x, i) -> b.gather(x, i, 0), X, Tensor.i64(Shape.of(0))), Shape.of(0, 2));
        assertI64(
                two((b, x, i) -> b.gather(x, i, 0), Tensor.i64(Shape.of(2), 7, 8), Tensor.i64(Shape.of(1), 1)),
                Shape.of(1),
                8);
    }

    @Test
    void gatherFromAConstantReadsRowsOfAnyDtype() {
        Tensor half = Tensor.zeros(DType.F16, Shape.of(2, 2));
        half.setDouble(2, 1.5);
        Tensor indices = Tensor.i64(Shape.of(1), 1);
        Tensor y = Run.one((b, i) -> b.cast(b.gather(b.constant("table", half), i, 0), DType.F32), indices);
        assertF32(y, Shape.of(1, 2), 1.5, 0);
        Tensor column = Run.one((b, i) -> b.gather(b.constant("table", X), i, 1), indices);
        assertF32(column, Shape.of(3, 1), 2, 4, 6);
    }

    @Test
    void indicesOutOfRangeFailTheRun() {
        Tensor indices = Tensor.i64(Shape.of(2), 0, 3);
        assertEquals(
                "graph test: gather: index 3 is out of range for dimension 0 of size 3",
                Run.failure((b, in) -> List.of(b.gather(in.get(0), in.get(1), 0)), X, indices));
        assertEquals(
                "graph test: gather: index 3 is out of range for dimension 0 of size 3",
                Run.failure((b, in) -> List.of(b.gather(b.constant("c", X), in.getFirst(), 0)), indices));
        assertEquals(
                "graph test: gather: index -1 is out of range for dimension 1 of size 2",
                Run.failure((b, in) -> List.of(b.gather(in.get(0), in.get(1), 1)), X, Tensor.scalar(-1L)));
        Tensor wide = Tensor.i64(Shape.of(1, 2), 0, 1L << 40);
        assertEquals(
                "graph test: gather_elements: index 1099511627776 is out of range for dimension 0 of size 3",
                Run.failure((b, in) -> List.of(b.gatherElements(in.get(0), in.get(1), 0)), X, wide));
        assertEquals(
                "graph test: scatter_add: index 1099511627776 is out of range for dimension 0 of size 3",
                Run.failure(
                        (b, in) -> List.of(
                                b.scatterAdd(in.get(0), in.get(1), b.gather(in.get(0), b.iota(Dim.of(1)), 0), 0)),
                        X,
                        wide));
    }

    @Test
    void gatherElementsPicksOnePerPosition() {
        Tensor indices = Tensor.i64(Shape.of(1, 2), 2, 0);
        assertF32(two((b, x, i) -> b.gatherElements(x, i, 0), X, indices), Shape.of(1, 2), 5, 2);
        Tensor column = Tensor.i64(Shape.of(2, 1), 2, 0);
        assertF32(two((b, x, i) -> b.gatherElements(x, i, 0), X, column), Shape.of(2, 2), 5, 6, 1, 2);
        Tensor row = Tensor.f32(Shape.of(1, 3), 7, 8, 9);
        assertF32(two((b, x, i) -> b.gatherElements(x, i, -1), row, column), Shape.of(2, 1), 9, 7);
    }

    @Test
    void scatterAddAddsEveryUpdate() {
        Tensor indices = Tensor.i64(Shape.of(2, 2), 0, 2, 0, 1);
        Tensor y = Run.all(
                        (b, in) -> List.of(b.scatterAdd(in.get(0), in.get(1), in.get(2), 0)),
                        X,
                        indices,
                        Tensor.f32(Shape.of(2, 2), 10, 20, 30, 40))
                .getFirst();
        assertF32(y, Shape.of(3, 2), 41, 2, 3, 44, 5, 26);
    }

    @Test
    void scatterAddNeedsRoomBesideTheAxis() {
        Tensor indices = Tensor.i64(Shape.of(1, 3), 0, 0, 0);
        assertEquals(
                "graph test: scatter_add: indices [1, 3] reach beyond [3, 2] in dimension 1",
                Run.failure(
                        (b, in) -> List.of(b.scatterAdd(in.get(0), in.get(1), b.cast(in.get(1), DType.F32), 0)),
                        X,
                        indices));
    }

    @Test
    void slices() {
        assertF32(Run.one((b, x) -> b.slice(x, 0, 1, 3), X), Shape.of(2, 2), 3, 4, 5, 6);
        assertF32(Run.one((b, x) -> b.slice(x, 0, 0, PrimitiveOp.TO_END, 2), X), Shape.of(2, 2), 1, 2, 5, 6);
        assertF32(Run.one((b, x) -> b.slice(x, -1, 1, 9), X), Shape.of(3, 1), 2, 4, 6);
        assertF32(Run.one((b, x) -> b.slice(x, 0, 3, PrimitiveOp.TO_END), X), Shape.of(0, 2));
    }

    @Test
    void concatenations() {
        Tensor y = Tensor.f32(Shape.of(1, 2), 7, 8);
        assertF32(two((b, p, q) -> b.concat(0, q, p, q), X, y), Shape.of(5, 2), 7, 8, 1, 2, 3, 4, 5, 6, 7, 8);
        Tensor column = Tensor.f32(Shape.of(3, 1), 7, 8, 9);
        assertF32(two((b, p, q) -> b.concat(-1, p, q), X, column), Shape.of(3, 3), 1, 2, 7, 3, 4, 8, 5, 6, 9);
        assertF32(two((b, p, q) -> b.concat(0, p, q), X, Tensor.f32(Shape.of(0, 2))), Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        Tensor flags = bools(Shape.of(2), 1, 0);
        assertIntegers(Run.one((b, x) -> b.concat(0, x, x), flags), DType.BOOL, Shape.of(4), 1, 0, 1, 0);
    }

    @Test
    void dimsAndOrder() {
        assertF32(Run.one((b, x) -> b.transpose(x, 1, 0), X), Shape.of(2, 3), 1, 3, 5, 2, 4, 6);
        Tensor cube = Tensor.f32(Shape.of(2, 1, 3), 1, 2, 3, 4, 5, 6);
        assertF32(Run.one((b, x) -> b.transpose(x, 2, 0, 1), cube), Shape.of(3, 2, 1), 1, 4, 2, 5, 3, 6);
        assertF32(Run.one((b, x) -> b.reshape(x, Dim.of(6)), X), Shape.of(6), 1, 2, 3, 4, 5, 6);
        assertF32(
                Run.one((b, x) -> b.broadcast(x, List.of(Dim.of(2), Dim.of(3))), Tensor.f32(Shape.of(2, 1), 1, 2)),
                Shape.of(2, 3),
                1,
                1,
                1,
                2,
                2,
                2);
    }

    @Test
    void padding() {
        assertF32(
                Run.one((b, x) -> b.pad(x, -1, 1, 2, -9), Tensor.f32(Shape.of(2, 1), 1, 2)),
                Shape.of(2, 4),
                -9,
                1,
                -9,
                -9,
                -9,
                2,
                -9,
                -9);
        assertI64(Run.one((b, x) -> b.pad(x, 0, 1, 0, 7), Tensor.i64(Shape.of(1), 1)), Shape.of(2), 7, 1);
        assertF32(Run.one((b, x) -> b.pad(x, 0, 1, 0, 5), Tensor.f32(Shape.of(0))), Shape.of(1), 5);
    }

    @Test
    void arraysTooLargeForJavaAreRefused() {
        Dim huge = Dim.of(1L << 20);
        assertEquals(
                "graph test: broadcast: [1048576, 1048576] has 1099511627776 elements,"
                        + " the reference backend holds at most 2147483639 in one value",
                Run.failure((b, in) -> List.of(b.broadcast(in.getFirst(), List.of(huge, huge))), Tensor.scalar(1f)));
    }
}
