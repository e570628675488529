package org.attention4j.core.reference;

import static org.attention4j.core.reference.Run.assertF32;
import static org.attention4j.core.reference.Run.assertI64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ScanLoopTest {
    private static final TensorType PAIR = TensorType.of(DType.F32, Dim.of(2));

    /** {@code h ← h · decay + x}; gives the old h, and counts. */
    private static Graph body() {
        GraphBuilder b = new GraphBuilder("body");
        Value h = b.input("h", PAIR);
        Value n = b.input("n", TensorType.of(DType.I64));
        Value x = b.input("x", PAIR);
        Value decay = b.input("decay", TensorType.of(DType.F32));
        b.result("next", b.add(b.mul(h, decay), x));
        b.result("n.next", b.add(n, 1));
        b.result("old", h);
        b.result("count", n);
        return b.build();
    }

    private static List<Tensor> scan(Tensor sequence, int axis) {
        return Run.all(
                (b, in) -> b.scan(body(), 2, 1, axis, in),
                Tensor.f32(Shape.of(2), 1, 2),
                Tensor.scalar(5L),
                sequence,
                Tensor.scalar(0.5f));
    }

    @Test
    void carriesAndStacksAlongTheFirstAxis() {
        List<Tensor> y = scan(Tensor.f32(Shape.of(3, 2), 1, 2, 3, 4, 5, 6), 0);
        assertF32(y.get(0), Shape.of(2), 6.875, 8.75);
        assertI64(y.get(1), Shape.of(), 8);
        assertF32(y.get(2), Shape.of(3, 2), 1, 2, 1.5, 3, 3.75, 5.5);
        assertI64(y.get(3), Shape.of(3), 5, 6, 7);
    }

    @Test
    void noStepsKeepTheInitialValues() {
        List<Tensor> y = scan(Tensor.f32(Shape.of(0, 2)), 0);
        assertF32(y.get(0), Shape.of(2), 1, 2);
        assertI64(y.get(1), Shape.of(), 5);
        assertF32(y.get(2), Shape.of(0, 2));
    }

    @Test
    void scansAlongAnInnerAxis() {
        GraphBuilder b = new GraphBuilder("running");
        Value h = b.input("h", PAIR);
        Value next = b.add(h, b.input("x", PAIR));
        b.result("next", next);
        b.result("y", next);
        List<Tensor> y = Run.all(
                (g, in) -> g.scan(b.build(), 1, 1, 1, in),
                Tensor.f32(Shape.of(2), 0, 10),
                Tensor.f32(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
        assertF32(y.get(0), Shape.of(2), 6, 25);
        assertF32(y.get(1), Shape.of(2, 3), 1, 3, 6, 14, 19, 25);
    }

    @Test
    void failuresNameTheBodysOp() {
        GraphBuilder b = new GraphBuilder("body");
        Value table = b.constant("table", Tensor.f32(Shape.of(2), 1, 2));
        b.result("y", b.gather(table, b.input("i", TensorType.of(DType.I64)), 0));
        assertEquals(
                "graph body: scan/gather: index 9 is out of range for dimension 0 of size 2",
                Run.failure((g, in) -> g.scan(b.build(), 0, 1, 0, in), Tensor.i64(Shape.of(2), 0, 9)));
    }
}
