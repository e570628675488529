package org.attention4j.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GraphInputsTest {
    private static final Dim SEQ = Dim.symbol("seq");
    private static final Dim PAST = Dim.symbol("past");

    private static Graph graph(Dim... dims) {
        GraphBuilder b = new GraphBuilder("g");
        for (int i = 0; i < dims.length; i++) {
            b.input("x" + i, TensorType.of(DType.F32, dims[i], Dim.of(2)));
        }
        return b.build();
    }

    private static Tensor rows(long n) {
        return Tensor.zeros(DType.F32, Shape.of(n, 2));
    }

    private static Map<String, Long> bind(Graph graph, Map<String, Long> known, Map<String, Tensor> given) {
        return GraphInputs.bind(graph, graph.inputs(), given, known);
    }

    private static void refuses(String message, Graph graph, Map<String, Long> known, Map<String, Tensor> given) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> bind(graph, known, given))
                        .getMessage());
    }

    @Test
    void symbolsTakeTheSizesOfTheTensors() {
        assertEquals(
                Map.of("seq", 3L, "past", 0L), bind(graph(SEQ, PAST), Map.of(), Map.of("x0", rows(3), "x1", rows(0))));
        assertEquals(Map.of("context", 9L), bind(graph(), Map.of("context", 9L), Map.of()));
    }

    @Test
    void sumsAndProductsAreSolvedForTheirUnknown() {
        assertEquals(
                Map.of("seq", 3L, "past", 4L),
                bind(graph(PAST.plus(SEQ), SEQ), Map.of(), Map.of("x0", rows(7), "x1", rows(3))));
        assertEquals(
                Map.of("seq", 3L), bind(graph(SEQ.times(Dim.of(2)).plus(Dim.of(1))), Map.of(), Map.of("x0", rows(7))));
    }

    @Test
    void sizesThatSolveNothingAreRefused() {
        refuses(
                "graph g: input x0: no input tells the size of (seq)*(2) in F32[(seq)*(2), 2]",
                graph(SEQ.times(Dim.of(2))),
                Map.of(),
                Map.of("x0", rows(7)));
        refuses(
                "graph g: input x0: no input tells the size of seq+8 in F32[seq+8, 2]",
                graph(SEQ.plus(Dim.of(8))),
                Map.of(),
                Map.of("x0", rows(7)));
        refuses(
                "graph g: input x0: no input tells the size of past+seq in F32[past+seq, 2]",
                graph(PAST.plus(SEQ)),
                Map.of(),
                Map.of("x0", rows(7)));
    }

    @Test
    void missingAndUnknownInputs() {
        refuses("graph g: input x0 is missing, expected F32[seq, 2]", graph(SEQ), Map.of(), Map.of());
        refuses(
                "graph g: there is no input y to give; expected [x0]",
                graph(SEQ),
                Map.of(),
                Map.of("x0", rows(1), "y", rows(1)));
    }

    @Test
    void dtypesAndRanks() {
        refuses(
                "graph g: input x0 is I64[1, 2], expected F32[seq, 2]: another dtype",
                graph(SEQ),
                Map.of(),
                Map.of("x0", Tensor.zeros(DType.I64, Shape.of(1, 2))));
        refuses(
                "graph g: input x0 is F32[2], expected F32[seq, 2]: another rank",
                graph(SEQ),
                Map.of(),
                Map.of("x0", Tensor.zeros(DType.F32, Shape.of(2))));
    }

    @Test
    void conflictingSizes() {
        refuses(
                "graph g: input x0 is F32[1, 3], expected F32[seq, 2]: dimension 1 is 3, expected 2",
                graph(SEQ),
                Map.of(),
                Map.of("x0", Tensor.zeros(DType.F32, Shape.of(1, 3))));
        refuses(
                "graph g: input x1 is F32[4, 2], expected F32[seq, 2]: dimension 0 is 4, expected seq = 3",
                graph(SEQ, SEQ),
                Map.of(),
                Map.of("x0", rows(3), "x1", rows(4)));
        refuses(
                "graph g: input x0 is F32[3, 2], expected F32[seq, 2]: dimension 0 is 3, expected seq = 5",
                graph(SEQ),
                Map.of("seq", 5L),
                Map.of("x0", rows(3)));
    }
}
