package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class GraphVerifierTest {
    private static final TensorType ROW = TensorType.of(DType.F32, Dim.of(3));
    private static final PrimitiveOp EXP = new PrimitiveOp.Unary(UnaryKind.EXP);
    private static final Value X = new Value("x", ROW);
    private static final Value Y = new Value("y", ROW);
    private static final Op Y_IS_EXP_X = new Primitive(EXP, List.of(X), List.of(Y));

    private static void refuses(String message, Graph graph) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> GraphVerifier.verify(graph));
        assertEquals(message, e.getMessage());
    }

    private static Graph graph(List<Op> ops) {
        return new Graph("g", List.of(X), ops, Map.of("out", X), Map.of());
    }

    @Test
    void acceptsWhatIsRight() {
        assertDoesNotThrow(() -> GraphVerifier.verify(
                new Graph("g", List.of(X), List.of(Y_IS_EXP_X), Map.of("out", Y), Map.of("x", "out"))));
    }

    @Test
    void idsAreUnique() {
        refuses("graph g: two values are called y", graph(List.of(Y_IS_EXP_X, Y_IS_EXP_X)));
        refuses("graph g: two values are called x", new Graph("g", List.of(X, X), List.of(), Map.of(), Map.of()));
    }

    @Test
    void valuesAreDefinedBeforeTheyAreRead() {
        Op reads = new Primitive(EXP, List.of(Y), List.of(new Value("z", ROW)));
        refuses("graph g: exp reads %y: F32[3] before it is defined", graph(List.of(reads, Y_IS_EXP_X)));
        refuses(
                "graph g: result out is %y: F32[3], which nothing defines",
                new Graph("g", List.of(X), List.of(), Map.of("out", Y), Map.of()));
    }

    @Test
    void typesAreWhatTheOpsInfer() {
        Value wrong = new Value("y", TensorType.of(DType.F32, Dim.of(4)));
        refuses(
                "graph g: y has types [F32[4]], expected [F32[3]]",
                graph(List.of(new Primitive(EXP, List.of(X), List.of(wrong)))));
        refuses(
                "graph g: y: exp: got [F32[3], F32[3]], expected 1 inputs",
                graph(List.of(new Primitive(EXP, List.of(X, X), List.of(Y)))));
        refuses("graph g: a exp has no outputs", graph(List.of(new Primitive(EXP, List.of(X), List.of()))));
        refuses(
                "graph g: y has types [F32[3]], expected [F32[3], F32[3]]",
                graph(List.of(new Composite(new Ops.Pair(), List.of(X, X), List.of(Y)))));
        refuses(
                "graph g: y: graph g: y has 1 inputs, expected 2",
                graph(List.of(new Composite(new Ops.Pair(), List.of(X), List.of(Y)))));
    }

    @Test
    void statesExistAndKeepTheirTypes() {
        refuses(
                "graph g: state %x: F32[3] becomes null",
                new Graph("g", List.of(X), List.of(), Map.of("out", X), Map.of("x", "nothing")));
        refuses(
                "graph g: no input z; there are [x]",
                new Graph("g", List.of(X), List.of(), Map.of("out", X), Map.of("z", "out")));
        Value flat = new Value("y", TensorType.of(DType.F32));
        refuses(
                "graph g: state %y: F32[] becomes %x: F32[3]",
                new Graph("g", List.of(X, flat), List.of(), Map.of("out", X), Map.of("y", "out")));
    }

    @Test
    void scansAreVerifiedWithTheirBodies() {
        Graph body = new Graph("body", List.of(X), List.of(), Map.of("out", Y), Map.of());
        Value rows = new Value("rows", TensorType.of(DType.F32, Dim.symbol("seq"), Dim.of(3)));
        Value out = new Value("out", rows.type());
        Graph graph = new Graph(
                "g", List.of(rows), List.of(new Scan(body, 0, 1, 0, List.of(rows), List.of(out))), Map.of(), Map.of());
        refuses("graph g: out: graph body: result out is %y: F32[3], which nothing defines", graph);
    }
}
