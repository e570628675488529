package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.AttributeProto.AttributeType;
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
                .put("if", ControlFlowSamples.branches())
                .put("loop", ControlFlowSamples.loop())
                .put("scan", ControlFlowSamples.scan())
                .put("functions", ControlFlowSamples.functions())
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

    static OperatorSetIdProto opset(String domain, long version) {
        return OperatorSetIdProto.newBuilder()
                .setDomain(domain)
                .setVersion(version)
                .build();
    }

    static NodeProto in(String domain, NodeProto node) {
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
