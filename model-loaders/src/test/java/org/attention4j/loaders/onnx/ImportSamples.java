package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.AttributeProto.AttributeType;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** Small models that are imported, each of other operators, for tests that change them. */
final class ImportSamples {
    private static final String MICROSOFT = "com.microsoft";

    private ImportSamples() {}

    /** All of them, by name. */
    static Map<String, ModelProto> all() {
        return ImmutableMap.<String, ModelProto>builder()
                .put("products", products())
                .put("matmul_nbits", matMulNBits())
                .put("gather_block_quantized", gatherBlockQuantized())
                .put("windows", windows())
                .put("quantized", quantized())
                .put("if", branches())
                .put("loop", loop())
                .put("scan", scan())
                .put("functions", functions())
                .put("attention", attention())
                .put("group_query_attention", groupQueryAttention())
                .put("shapes", shapes())
                .put("rows", rows())
                .buildOrThrow();
    }

    private static ModelProto products() {
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 4)
                .floats("w", List.of(4L, 2L), 1, 2, 3, 4, 5, 6, 7, 8)
                .floats("g", List.of(2L), 1, 2)
                .node("MatMul", "x w", "h")
                .node("LayerNormalization", "h g", "l", real("epsilon", 1e-5f))
                .node("Gemm", "l w", "m", OnnxSample.integer("transB", 1))
                .node("Einsum", "x m", "e", OnnxSample.text("equation", "ik,jk->ij"))
                .node("Softmax", "e", "y", OnnxSample.integer("axis", -1))
                .output("y")
                .build();
    }

    private static ModelProto matMulNBits() {
        return microsoft(new OnnxSample(21).input("x", DataType.FLOAT, "n", 32))
                .bytes("w", List.of(2L, 1L, 16L), DataType.UINT8)
                .bytes("z", List.of(2L), DataType.UINT8)
                .floats("s", List.of(2L), 1, 2)
                .nodeIn(
                        MICROSOFT,
                        "MatMulNBits",
                        "x w s z",
                        "y",
                        OnnxSample.integer("K", 32),
                        OnnxSample.integer("N", 2),
                        OnnxSample.integer("bits", 4),
                        OnnxSample.integer("block_size", 32))
                .output("y")
                .build();
    }

    private static ModelProto gatherBlockQuantized() {
        return microsoft(new OnnxSample(21).input("ids", DataType.INT64, "b", "n"))
                .bytes("table", List.of(3L, 32L), DataType.UINT8)
                .floats("s", List.of(3L, 2L), 1, 2, 3, 4, 5, 6)
                .nodeIn(
                        MICROSOFT,
                        "GatherBlockQuantized",
                        "table ids s",
                        "y",
                        OnnxSample.integer("bits", 8),
                        OnnxSample.integer("block_size", 16),
                        OnnxSample.integer("gather_axis", 0),
                        OnnxSample.integer("quantize_axis", 1))
                .output("y")
                .build();
    }

    private static ModelProto windows() {
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 2, 6, 6)
                .floats("w", List.of(2L, 1L, 2L, 2L), 1, 2, 3, 4, 5, 6, 7, 8)
                .node(
                        "Conv",
                        "x w",
                        "c",
                        OnnxSample.integer("group", 2),
                        OnnxSample.integers("pads", 1, 1, 0, 0),
                        OnnxSample.integers("strides", 1, 1),
                        OnnxSample.integers("dilations", 1, 1))
                .node(
                        "MaxPool",
                        "c",
                        "p",
                        OnnxSample.integers("kernel_shape", 2, 2),
                        OnnxSample.integers("strides", 2, 2))
                .node("GlobalAveragePool", "p", "g")
                .node("Flatten", "g", "y", OnnxSample.integer("axis", 1))
                .output("y")
                .build();
    }

    private static ModelProto quantized() {
        return new OnnxSample(21)
                .input("x", DataType.FLOAT, "n", 4)
                .bytes("w", List.of(4L, 2L), DataType.UINT8)
                .bytes("z", List.of(2L), DataType.UINT8)
                .bytes("zero", List.of(), DataType.UINT8)
                .floats("s", List.of(2L), 1, 2)
                .floats("one", List.of(), 1)
                .node("DequantizeLinear", "w s z", "d", OnnxSample.integer("axis", 1))
                .node("MatMul", "x d", "h")
                .node("QuantizeLinear", "h one zero", "q")
                .node("DequantizeLinear", "q one zero", "r")
                .add(OnnxSample.nodeOf("DynamicQuantizeLinear", "x", "xq").toBuilder()
                        .addOutput("xs")
                        .addOutput("xz")
                        .build())
                .node("MatMulInteger", "xq w xz z", "i")
                .node("Cast", "i", "f", OnnxSample.integer("to", DataType.FLOAT_VALUE))
                .node("Mul", "f xs", "m")
                .node("Add", "m r", "y")
                .output("y")
                .build();
    }

    private static ModelProto branches() {
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 2)
                .longs("one", 1)
                .longs("shape")
                .node("Cast", "one", "some", OnnxSample.integer("to", DataType.BOOL_VALUE))
                .node("Reshape", "some shape", "yes")
                .node(
                        "If",
                        "yes",
                        "y",
                        OnnxSample.graph("then_branch", inner("Neg")),
                        OnnxSample.graph("else_branch", inner("Exp")))
                .output("y")
                .build();
    }

    private static GraphProto inner(String type) {
        OnnxSample s = new OnnxSample(18).node(type, "x", "inside").output("inside");
        return s.graph().build();
    }

    private static ModelProto loop() {
        GraphProto body = new OnnxSample(18)
                .input("i", DataType.INT64)
                .input("go", DataType.BOOL)
                .input("sum", DataType.FLOAT, "n", 2)
                .node("Identity", "go", "goes")
                .node("Add", "sum x", "next")
                .node("Neg", "next", "each")
                .output("goes")
                .output("next")
                .output("each")
                .graph()
                .build();
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 2)
                .longs("three", 3)
                .longs("shape")
                .node("Reshape", "three shape", "steps")
                .add(OnnxSample.nodeOf("Loop", "steps . x", "y", OnnxSample.graph("body", body)).toBuilder()
                        .addOutput("all")
                        .build())
                .output("y")
                .output("all")
                .build();
    }

    private static ModelProto scan() {
        GraphProto body = new OnnxSample(18)
                .input("sum", DataType.FLOAT, 2)
                .input("row", DataType.FLOAT, 2)
                .node("Add", "sum row", "next")
                .node("Tanh", "next", "each")
                .output("next")
                .output("each")
                .graph()
                .build();
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 2)
                .floats("start", List.of(2L), 0, 0)
                .add(OnnxSample.nodeOf(
                                "Scan",
                                "start x",
                                "y",
                                OnnxSample.graph("body", body),
                                OnnxSample.integer("num_scan_inputs", 1),
                                OnnxSample.integers("scan_input_directions", 1),
                                OnnxSample.integers("scan_output_axes", 1))
                        .toBuilder()
                        .addOutput("all")
                        .build())
                .output("y")
                .output("all")
                .build();
    }

    private static ModelProto functions() {
        OnnxSample s = new OnnxSample(18).input("x", DataType.FLOAT, "n", 4);
        s.model().addOpsetImport(opset("mine", 1));
        AttributeProto axis = AttributeProto.newBuilder()
                .setName("axis")
                .setRefAttrName("along")
                .setType(AttributeType.INT)
                .build();
        s.model()
                .addFunctions(
                        function("inner").addAttribute("along").addNode(OnnxSample.nodeOf("Softmax", "a", "b", axis)))
                .addFunctions(function("outer")
                        .addNode(in("mine", OnnxSample.nodeOf("inner", "a", "c", OnnxSample.integer("along", -1))))
                        .addNode(in("mine", OnnxSample.nodeOf("inner", "c", "b", OnnxSample.integer("along", 0)))));
        return s.nodeIn("mine", "outer", "x", "y").output("y").build();
    }

    private static FunctionProto.Builder function(String name) {
        return FunctionProto.newBuilder()
                .setName(name)
                .setDomain("mine")
                .addInput("a")
                .addOutput("b")
                .addOpsetImport(opset("", 18))
                .addOpsetImport(opset("mine", 1));
    }

    private static ModelProto attention() {
        return new OnnxSample(23)
                .input("q", DataType.FLOAT, "b", 4, "n", 8)
                .input("k", DataType.FLOAT, "b", 2, "t", 8)
                .input("v", DataType.FLOAT, "b", 2, "t", 6)
                .input("mask", DataType.BOOL, "n", "t")
                .input("cos", DataType.FLOAT, "b", "n", 4)
                .input("sin", DataType.FLOAT, "b", "n", 4)
                .node("RotaryEmbedding", "q cos sin", "r")
                .node(
                        "Attention",
                        "r k v mask",
                        "y",
                        real("scale", 0.5f),
                        real("softcap", 3),
                        OnnxSample.integer("is_causal", 0))
                .output("y")
                .build();
    }

    private static ModelProto groupQueryAttention() {
        return microsoft(new OnnxSample(21)
                        .input("q", DataType.FLOAT, "b", "n", 32)
                        .input("k", DataType.FLOAT, "b", "n", 16)
                        .input("v", DataType.FLOAT, "b", "n", 16)
                        .input("pk", DataType.FLOAT, "b", 2, "past", 8)
                        .input("pv", DataType.FLOAT, "b", 2, "past", 8)
                        .input("last", DataType.INT32, "b", 1)
                        .input("total", DataType.INT32))
                .add(in(
                        MICROSOFT,
                        OnnxSample.nodeOf(
                                        "GroupQueryAttention",
                                        "q k v pk pv last total",
                                        "y",
                                        OnnxSample.integer("num_heads", 4),
                                        OnnxSample.integer("kv_num_heads", 2),
                                        OnnxSample.integer("local_window_size", 5))
                                .toBuilder()
                                .addOutput("nk")
                                .addOutput("nv")
                                .build()))
                .output("y")
                .output("nk")
                .output("nv")
                .build();
    }

    private static ModelProto shapes() {
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "b", "n", 4)
                .longs("zero", 0)
                .longs("one", 1)
                .longs("two", 2)
                .longs("rest", -1)
                .longs("reps", 1, 2, 1)
                .longs("parts", 1, 3)
                .node("Shape", "x", "s")
                .node("Slice", "s zero two", "front")
                .node("Concat", "front two rest", "target", OnnxSample.integer("axis", 0))
                .node("Reshape", "x target", "r")
                .node("Transpose", "r", "t", OnnxSample.integers("perm", 0, 2, 1, 3))
                .node("Squeeze", "x one", "unused")
                .node("Tile", "x reps", "tiled")
                .node("Slice", "tiled zero one two", "cut")
                .node("Unsqueeze", "cut one", "u")
                .node("Expand", "u target", "wide")
                .node("ReduceSum", "t rest", "red", OnnxSample.integer("keepdims", 0))
                .add(OnnxSample.nodeOf("Split", "x parts", "left", OnnxSample.integer("axis", 2)).toBuilder()
                        .addOutput("right")
                        .build())
                .node("Pad", "right reps", "padded")
                .output("red")
                .output("left")
                .output("right")
                .output("tiled")
                .build();
    }

    private static ModelProto rows() {
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 6)
                .input("ids", DataType.INT64, "m")
                .longs("k", 2)
                .floats("ones", List.of(1L), 1)
                .longs("depth", 3)
                .node("Gather", "x ids", "g", OnnxSample.integer("axis", 0))
                .add(OnnxSample.nodeOf("TopK", "g k", "best", OnnxSample.integer("axis", -1)).toBuilder()
                        .addOutput("places")
                        .build())
                .node("GatherElements", "g places", "same", OnnxSample.integer("axis", 1))
                .node("CumSum", "same axis", "sums")
                .longs("axis", 1)
                .node("ArgMax", "sums", "y", OnnxSample.integer("axis", 1))
                .output("y")
                .output("best")
                .build();
    }

    private static OnnxSample microsoft(OnnxSample sample) {
        sample.model().addOpsetImport(opset(MICROSOFT, 1));
        return sample;
    }

    private static OperatorSetIdProto opset(String domain, long version) {
        return OperatorSetIdProto.newBuilder()
                .setDomain(domain)
                .setVersion(version)
                .build();
    }

    private static NodeProto in(String domain, NodeProto node) {
        return node.toBuilder().setDomain(domain).build();
    }

    private static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.FLOAT)
                .setF(value)
                .build();
    }
}
