package org.attention4j.onnx.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.TensorProto;
import org.junit.jupiter.api.Test;

/** Which reshapes are written. */
final class ReshapesTest {
    private static final TensorType FLAT = TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(12));
    private static final List<Dim> HEADS = List.of(Dim.of(1), Dims.SEQ, Dim.of(3), Dim.of(4));

    private final GraphBuilder b = new GraphBuilder("reshapes");
    private final Value x = b.input("x", FLAT);

    private GraphProto written() {
        Graph graph = b.build();
        return new ModelEmitter(new LoweringContext(graph, false), c -> Optional.empty())
                .emit(graph, new WeightNames())
                .proto()
                .getGraph();
    }

    private static Map<String, Integer> operators(GraphProto graph) {
        Map<String, Integer> count = new TreeMap<>();
        graph.getNodeList().stream().map(NodeProto::getOpType).forEach(type -> count.merge(type, 1, Integer::sum));
        return count;
    }

    @Test
    void thereAndBackIsNothing() {
        Value back = b.reshape(b.reshape(x, HEADS), FLAT.dims());
        b.result("y", b.unary(UnaryKind.NEG, back));
        GraphProto graph = written();
        assertEquals(Map.of("Neg", 1), operators(graph));
        assertEquals("x", graph.getNode(0).getInput(0));
        assertEquals(
                List.of(),
                graph.getInitializerList().stream().map(TensorProto::getName).toList());
    }

    @Test
    void twoInARowAreOne() {
        List<Dim> halves = List.of(Dim.of(1), Dims.SEQ, Dim.of(2), Dim.of(6));
        b.result("y", b.unary(UnaryKind.NEG, b.reshape(b.reshape(x, HEADS), halves)));
        assertEquals(Map.of("Neg", 1, "Reshape", 1), operators(written()));
    }

    @Test
    void whatIsReadInBetweenStays() {
        Value heads = b.reshape(x, HEADS);
        b.result("heads", b.unary(UnaryKind.NEG, heads));
        b.result("y", b.unary(UnaryKind.NEG, b.reshape(heads, FLAT.dims())));
        assertEquals(Map.of("Neg", 2, "Reshape", 1), operators(written()));
    }

    /** A result needs a node that writes to its memory. */
    @Test
    void resultsAreWritten() {
        b.result("y", b.reshape(b.reshape(x, HEADS), FLAT.dims()));
        assertEquals(Map.of("Identity", 1), operators(written()));
    }
}
