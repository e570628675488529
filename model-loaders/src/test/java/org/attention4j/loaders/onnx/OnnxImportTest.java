package org.attention4j.loaders.onnx;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.attention4j.loaders.onnx.OnnxSample.integer;
import static org.attention4j.loaders.onnx.OnnxSample.integers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.attention4j.onnx.proto.ValueInfoProto;
import org.junit.jupiter.api.Test;

class OnnxImportTest {
    private static List<String> names(Graph graph) {
        return graph.ops().stream().map(Op::name).toList();
    }

    private static TensorType last(Graph graph) {
        return graph.ops().getLast().outputs().getFirst().type();
    }

    @Test
    void whatComputesAShapeIsNoPartOfTheGraph() {
        Graph graph = new OnnxSample(18)
                .input("x", DataType.FLOAT, "batch", "seq", 8)
                .longs("first", 0)
                .longs("second", 1)
                .longs("heads", 2)
                .longs("rest", -1)
                .node("Shape", "x", "shape")
                .node("Gather", "shape first", "batch", integer("axis", 0))
                .node("Gather", "shape second", "seq", integer("axis", 0))
                .node("Concat", "batch seq heads rest", "dims", integer("axis", 0))
                .node("Reshape", "x dims", "y")
                .output("y")
                .imported();
        assertEquals(List.of("reshape"), names(graph));
        assertEquals(
                List.of(Dim.symbol("batch"), Dim.symbol("seq"), Dim.of(2), Dim.of(4)),
                last(graph).dims());
    }

    @Test
    void symbolsThatMeetBecomeOne() {
        Graph graph = new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 3)
                .input("y", DataType.FLOAT, "m", 3)
                .node("Add", "x y", "z")
                .output("z")
                .imported();
        assertEquals(graph.input("x").type(), graph.input("y").type());
    }

    @Test
    void aSumOfSymbolsIsReadFromTheNameOfADim() {
        Graph graph = new OnnxSample(18)
                .input("past", DataType.FLOAT, "past_len", 4)
                .input("x", DataType.FLOAT, "seq", 4)
                .input("mask", DataType.FLOAT, "past_len + seq", 1)
                .node("Concat", "past x", "all", integer("axis", 0))
                .node("Mul", "all mask", "y")
                .output("y")
                .imported();
        assertEquals(Dim.symbol("past_len").plus(Dim.symbol("seq")), last(graph).dim(0));
    }

    @Test
    void aBranchThatIsKnownIsTakenAndCapturesWhatIsAroundIt() {
        GraphProto then = GraphProto.newBuilder()
                .addNode(OnnxSample.nodeOf("Neg", "x", "negative"))
                .addOutput(ValueInfoProto.newBuilder().setName("negative"))
                .build();
        Graph graph = new OnnxSample(18)
                .input("x", DataType.FLOAT, 2)
                .longs("one", 1)
                .node("Cast", "one", "condition", integer("to", DataType.BOOL_VALUE))
                .node(
                        "If",
                        "condition",
                        "y",
                        OnnxSample.graph("then_branch", then),
                        OnnxSample.graph("else_branch", GraphProto.getDefaultInstance()))
                .output("y")
                .imported();
        assertEquals(List.of("neg"), names(graph));
    }

    @Test
    void aLoopOfKnownLengthIsAScan() {
        GraphProto body = GraphProto.newBuilder()
                .addInput(OnnxSample.info("i", DataType.INT64))
                .addInput(OnnxSample.info("go", DataType.BOOL))
                .addInput(OnnxSample.info("sum", DataType.FLOAT, 2))
                .addNode(OnnxSample.nodeOf("Identity", "go", "goes"))
                .addNode(OnnxSample.nodeOf("Add", "sum x", "next"))
                .addNode(OnnxSample.nodeOf("Identity", "next", "each"))
                .addOutput(ValueInfoProto.newBuilder().setName("goes"))
                .addOutput(ValueInfoProto.newBuilder().setName("next"))
                .addOutput(ValueInfoProto.newBuilder().setName("each"))
                .build();
        OnnxSample sample = new OnnxSample(18)
                .input("x", DataType.FLOAT, 2)
                .longs("steps", 3)
                .node("Squeeze", "steps", "count");
        sample.graph()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Loop")
                        .addInput("count")
                        .addInput("")
                        .addInput("x")
                        .addOutput("last")
                        .addOutput("all")
                        .addAttribute(OnnxSample.graph("body", body)));
        Graph graph = sample.output("last").output("all").imported();
        assertTrue(names(graph).contains("scan"), () -> graph.toString());
        Tensor last = OnnxSample.run(graph, Map.of("x", Tensor.f32(Shape.of(2), 1, 2)));
        assertArrayEquals(new float[] {4, 8}, last.toFloatArray());
    }

    @Test
    void aFunctionOfTheModelIsWrittenInPlaceWithItsAttributes() {
        OnnxSample sample = new OnnxSample(18).input("x", DataType.FLOAT, 2, 3);
        sample.model()
                .addFunctions(FunctionProto.newBuilder()
                        .setName("Turn")
                        .setDomain("mine")
                        .addInput("a")
                        .addOutput("b")
                        .addAttribute("order")
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Transpose")
                                .addInput("a")
                                .addOutput("b")
                                .addAttribute(
                                        integers("perm").toBuilder().clearInts().setRefAttrName("order"))));
        sample.graph()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Turn")
                        .setDomain("mine")
                        .addInput("x")
                        .addOutput("y")
                        .addAttribute(integers("order", 1, 0)));
        Graph graph = sample.output("y").imported();
        assertEquals(List.of("transpose"), names(graph));
    }

    @Test
    void integersDivideTowardsZero() {
        Graph graph = new OnnxSample(18)
                .input("x", DataType.INT64, 4)
                .input("y", DataType.INT64, 4)
                .node("Div", "x y", "z")
                .output("z")
                .imported();
        Tensor z = OnnxSample.run(
                graph, Map.of("x", Tensor.i64(Shape.of(4), -7, 7, -7, 7), "y", Tensor.i64(Shape.of(4), 2, 2, -2, -2)));
        assertArrayEquals(new long[] {-3, 3, 3, -3}, z.toLongArray());
    }

    @Test
    void takenApartAttentionIsRecognisedWithItsMaskItsScaleAndItsSharedHeads() {
        Graph graph = new OnnxSample(18)
                .input("q", DataType.FLOAT, "b", 4, "s", 8)
                .input("k", DataType.FLOAT, "b", 2, "t", 8)
                .input("v", DataType.FLOAT, "b", 2, "t", 8)
                .input("mask", DataType.FLOAT, "b", 1, "s", "t")
                .floats("eight", List.of(), 8)
                .longs("two", 2)
                .longs("repeat", 1, 1, 2, 1, 1)
                .longs("shape", 0, 4, -1, 8)
                .node("Unsqueeze", "k two", "k5")
                .node("Expand", "k5 repeat", "k6")
                .node("Reshape", "k6 shape", "keys")
                .node("Unsqueeze", "v two", "v5")
                .node("Expand", "v5 repeat", "v6")
                .node("Reshape", "v6 shape", "values")
                .node("Transpose", "keys", "turned", integers("perm", 0, 1, 3, 2))
                .node("MatMul", "q turned", "products")
                .node("Div", "products eight", "scaled")
                .node("Add", "scaled mask", "scores")
                .node("Softmax", "scores", "weights", integer("axis", -1))
                .node("MatMul", "weights values", "y")
                .output("y")
                .imported();
        Attention attention = (Attention) graph.ops().stream()
                .filter(Composite.class::isInstance)
                .map(op -> ((Composite) op).op())
                .findFirst()
                .orElseThrow();
        assertEquals(4, attention.spec().numHeads());
        assertEquals(2, attention.spec().numKvHeads());
        assertEquals(1.0 / 8, attention.spec().scale());
        assertTrue(attention.inputNames().contains("bias"));
        assertTrue(!names(graph).contains("softmax") && !names(graph).contains("matmul"), () -> graph.toString());
    }

    @Test
    void takenApartNormsAndActivationsAreRecognised() {
        Graph graph = new OnnxSample(17)
                .input("x", DataType.FLOAT, "n", 4)
                .floats("two", List.of(), 2)
                .floats("eps", List.of(), 1e-5f)
                .floats("weight", List.of(4L), 1, 2, 3, 4)
                .floats("bias", List.of(4L), 0, 1, 0, 1)
                .floats("root", List.of(), (float) Math.sqrt(2))
                .floats("one", List.of(), 1)
                .floats("half", List.of(), 0.5f)
                .node("ReduceMean", "x", "mean", integers("axes", -1))
                .node("Sub", "x mean", "d")
                .node("Pow", "d two", "squares")
                .node("ReduceMean", "squares", "variance", integers("axes", -1))
                .node("Add", "variance eps", "sum")
                .node("Sqrt", "sum", "deviation")
                .node("Div", "d deviation", "normal")
                .node("Mul", "normal weight", "scaled")
                .node("Add", "scaled bias", "h")
                .node("Div", "h root", "inside")
                .node("Erf", "inside", "erf")
                .node("Add", "erf one", "curve")
                .node("Mul", "h curve", "product")
                .node("Mul", "product half", "y")
                .output("y")
                .imported();
        assertEquals(List.of("constant", "constant", "layer_norm", "activate"), names(graph));
    }

    @Test
    void whatCantBeExpressedIsNamedWithItsOperatorAndReason() {
        OnnxSample sample = new OnnxSample(18)
                .input("x", DataType.FLOAT, 2)
                .node("Multinomial", "x", "y")
                .output("y");
        assertThrows(UnsupportedModelException.class, sample::imported);
        assertRefused(sample::imported, "node 'y' (Multinomial of ai.onnx 18)", "no class of this library");
        assertRefused(
                new OnnxSample(18).input("x", DataType.STRING, 2).output("x")::imported, "input 'x' is of type STRING");
    }
}
