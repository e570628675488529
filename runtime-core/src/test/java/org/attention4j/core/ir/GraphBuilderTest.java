package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
    private static final TensorType ROW = TensorType.of(DType.F32, Dim.of(3));

    private final GraphBuilder b = new GraphBuilder("test");

    @Test
    void idsAreScopedAndUnique() {
        Value x = b.input("x", ROW);
        assertEquals("add", b.add(x, x).id());
        assertEquals("add.2", b.add(x, x).id());
        assertEquals(
                "layers.0/attn/add",
                b.scoped("layers.0", () -> b.scoped("attn", () -> b.add(x, x))).id());
        assertEquals("layers.0/add", b.scoped("layers.0", () -> b.add(x, x)).id());
        assertEquals("layers.0/add.2", b.scoped("layers.0", () -> b.add(x, x)).id());
        assertEquals("add.3", b.add(x, x).id());
    }

    @Test
    void inputsAndResultsHaveOneNameEach() {
        Value x = b.input("x", ROW);
        assertEquals(
                "graph test: two values are called x",
                assertThrows(IllegalArgumentException.class, () -> b.input("x", ROW))
                        .getMessage());
        b.result("y", x);
        assertEquals(
                "graph test: two results are called y",
                assertThrows(IllegalArgumentException.class, () -> b.result("y", x))
                        .getMessage());
    }

    @Test
    void equalLeavesAreMadeOnce() {
        Tensor t = Tensor.f32(Shape.of(1), 1);
        assertSame(b.constant("w", t), b.constant("w", t));
        assertNotEquals(
                b.constant("w", t).id(),
                b.constant("w", Tensor.f32(Shape.of(1), 1)).id());
        assertSame(b.iota(Dim.symbol("seq")), b.iota(Dim.symbol("seq")));
        assertSame(b.scalar(DType.F32, 0.5), b.scalar(DType.F32, 0.5));
        assertNotEquals(b.scalar(DType.F32, 2), b.scalar(DType.I64, 2));
    }

    @Test
    void negativeAxesCountFromTheLast() {
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(2), Dim.of(3), Dim.of(4)));
        assertEquals(
                "F32[2, 3, 1]", b.reduce(ReduceKind.SUM, x, true, -1).type().toString());
        assertEquals("F32[2, 1, 4]", b.slice(x, -2, 1, 2).type().toString());
        assertEquals("F32[2, 6, 4]", b.concat(-2, x, x).type().toString());
        assertEquals("F32[2, 3, 4, 1]", b.unsqueeze(x, -1).type().toString());
        assertEquals("F32[2, 3, 1, 4]", b.unsqueeze(x, -2).type().toString());
        assertEquals("F32[1, 2, 3, 4]", b.unsqueeze(x, 0).type().toString());
    }

    @Test
    void whatChangesNothingAddsNothing() {
        Value x = b.input("x", ROW);
        assertSame(x, b.cast(x, DType.F32));
        assertSame(x, b.reshape(x, Dim.of(3)));
        assertSame(x, b.broadcast(x, List.of(Dim.of(3))));
        assertSame(x, b.toF32(x));
        assertEquals(List.of(), b.build().ops());
    }

    @Test
    void aWeightKeepsItsNameInEveryScope() {
        Tensor t = Tensor.f32(Shape.of(1), 1);
        Value w = b.scoped("layers.0", () -> b.weight("model.w", t));
        assertEquals("model.w", w.id());
        assertSame(w, b.weight("model.w", t));
    }

    @Test
    void knownSizesAreConstants() {
        b.result("known", b.sizeOf(Dim.of(3)));
        b.result("unknown", b.sizeOf(Dim.symbol("seq")));
        assertEquals(
                List.of("constant", "size_of"),
                b.build().ops().stream().map(Op::name).toList());
    }

    @Test
    void failuresNameTheScope() {
        Value x = b.input("x", ROW);
        Value i = b.input("i", TensorType.of(DType.I64));
        assertEquals(
                "layers.0/add: got [F32[3], I64[]], expected operands of one dtype",
                assertThrows(IllegalArgumentException.class, () -> b.scoped("layers.0", () -> b.add(x, i)))
                        .getMessage());
        assertEquals(
                "layers.0/pair: 1 inputs given, expected [x, y]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> b.scoped("layers.0", () -> b.call(new Ops.Pair(), List.of(x))))
                        .getMessage());
        assertEquals("add", b.add(x, x).id(), "the scope ended");
    }

    @Test
    void statesKeepTheirType() {
        Value state = b.input("s", ROW);
        b.nextState(state, "s.next", b.mul(state, 0.5));
        Graph graph = b.build();
        assertEquals("s.next", graph.states().get("s"));
        assertEquals(state, graph.input("s"));
        Value other = b.unsqueeze(state, 0);
        assertEquals(
                "graph test: state %s: F32[3] becomes %reshape: F32[1, 3]",
                assertThrows(IllegalArgumentException.class, () -> b.nextState(state, "again", other))
                        .getMessage());
    }

    @Test
    void applyTakesOpsOfOneResult() {
        Value x = b.input("x", ROW);
        assertEquals("double", b.apply(new Ops.Twice(), x).id());
        assertEquals(
                "pair has 2 results, expected 1",
                assertThrows(IllegalArgumentException.class, () -> b.apply(new Ops.Pair(), x, x))
                        .getMessage());
    }

    @Test
    void unknownInputsOfAGraphAreNamed() {
        b.input("x", ROW);
        assertEquals(
                "graph test: no input z; there are [x]",
                assertThrows(IllegalArgumentException.class, () -> b.build().input("z"))
                        .getMessage());
    }
}
