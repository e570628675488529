package org.attention4j.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GraphStatesTest {
    private static final Dim CONTEXT = Dim.symbol("context");
    private static final Dim BATCH = Dim.symbol("batch");

    private static Graph graph() {
        GraphBuilder b = new GraphBuilder("g");
        Value cache = b.input(
                "cache", TensorType.of(DType.F32, BATCH, CONTEXT.plus(Dim.of(1)).times(Dim.of(2))));
        b.input("x", TensorType.of(DType.F32, Dim.symbol("seq")));
        b.nextState(cache, "cache.next", cache);
        return b.build();
    }

    private static String failure(Runnable call) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void inputsAreStatesOrFree() {
        assertEquals(
                List.of("cache"),
                GraphStates.states(graph()).stream().map(Value::id).toList());
        assertEquals(
                List.of("x"),
                GraphStates.freeInputs(graph()).stream().map(Value::id).toList());
        assertEquals("cache", GraphStates.find(graph(), "cache").id());
        assertEquals("graph g: there is no state x; there are [cache]", failure(() -> GraphStates.find(graph(), "x")));
    }

    @Test
    void onlySizesOfStatesAreTaken() {
        assertEquals(
                Map.of("batch", 2L, "context", 8L),
                GraphStates.sizes(graph(), Map.of("batch", 2L, "context", 8L, "seq", 3L)));
        assertEquals(
                "graph g: state %cache: F32[batch, (context+1)*(2)] needs a size for context, got {batch=2}",
                failure(() -> GraphStates.sizes(graph(), Map.of("batch", 2L))));
        assertEquals(
                "graph g: state %cache: F32[batch, (context+1)*(2)] needs a size for batch, got {batch=-1}",
                failure(() -> GraphStates.sizes(graph(), Map.of("batch", -1L))));
    }

    @Test
    void aStateTakesTensorsOfItsType() {
        Map<String, Long> sizes = Map.of("batch", 2L, "context", 3L);
        GraphStates.requireFits(graph(), "cache", Tensor.zeros(DType.F32, Shape.of(2, 8)), sizes);
        Tensor small = Tensor.zeros(DType.F32, Shape.of(2, 6));
        assertEquals(
                "graph g: state cache can't become F32[2, 6], expected F32[2, 8]",
                failure(() -> GraphStates.requireFits(graph(), "cache", small, sizes)));
        Tensor half = Tensor.zeros(DType.F16, Shape.of(2, 8));
        assertEquals(
                "graph g: state cache can't become F16[2, 8], expected F32[2, 8]",
                failure(() -> GraphStates.requireFits(graph(), "cache", half, sizes)));
    }
}
