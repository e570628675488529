package org.attention4j.loaders.onnx;

import java.util.List;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.AttributeProto.AttributeType;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** Those of {@link ImportSamples} whose graphs hold other graphs, or call functions. */
final class ControlFlowSamples {
    private ControlFlowSamples() {}

    static ModelProto branches() {
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

    static ModelProto loop() {
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

    static ModelProto scan() {
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

    static ModelProto functions() {
        OnnxSample s = new OnnxSample(18).input("x", DataType.FLOAT, "n", 4);
        s.model().addOpsetImport(ImportSamples.opset("mine", 1));
        AttributeProto axis = AttributeProto.newBuilder()
                .setName("axis")
                .setRefAttrName("along")
                .setType(AttributeType.INT)
                .build();
        s.model()
                .addFunctions(
                        function("inner").addAttribute("along").addNode(OnnxSample.nodeOf("Softmax", "a", "b", axis)))
                .addFunctions(function("outer")
                        .addNode(ImportSamples.in(
                                "mine", OnnxSample.nodeOf("inner", "a", "c", OnnxSample.integer("along", -1))))
                        .addNode(ImportSamples.in(
                                "mine", OnnxSample.nodeOf("inner", "c", "b", OnnxSample.integer("along", 0)))));
        return s.nodeIn("mine", "outer", "x", "y").output("y").build();
    }

    private static FunctionProto.Builder function(String name) {
        return FunctionProto.newBuilder()
                .setName(name)
                .setDomain("mine")
                .addInput("a")
                .addOutput("b")
                .addOpsetImport(ImportSamples.opset("", 18))
                .addOpsetImport(ImportSamples.opset("mine", 1));
    }
}
