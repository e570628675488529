package org.attention4j.loaders.onnx;

import static org.attention4j.loaders.BadInput.assertPrefixesRefused;
import static org.attention4j.loaders.BadInput.assertReadOrRefused;
import static org.attention4j.loaders.BadInput.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.AttributeProto.AttributeType;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.SparseTensorProto;
import org.attention4j.onnx.proto.StringStringEntryProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.attention4j.onnx.proto.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are made to do harm are refused with one sentence, soon and without much memory. */
@Timeout(20)
class OnnxHostileTest {
    @TempDir
    private Path folder;

    static OnnxSample sample() {
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, "n", 4)
                .floats("w", List.of(4L, 2L), 1, 2, 3, 4, 5, 6, 7, 8)
                .longs("shape", -1, 1, 2)
                .node("MatMul", "x w", "h")
                .node("Softmax", "h", "p", OnnxSample.integer("axis", -1))
                .node("Reshape", "p shape", "y")
                .output("y");
    }

    @Test
    void everyPrefixIsRefused() {
        assertPrefixesRefused(sample().build().toByteArray(), bytes -> OnnxSample.read(folder, bytes));
    }

    @Test
    void changedBytesAreReadOrRefused() {
        byte[] valid = sample().build().toByteArray();
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] changed = valid.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            assertReadOrRefused(() -> OnnxSample.read(folder, changed));
        }
    }

    @Test
    void nodesInACircle() {
        assertRefused(
                new OnnxSample(18).node("Neg", "b", "a").node("Neg", "a", "b").output("a")::imported,
                "2 nodes wait for each other's outputs in a circle");
    }

    @Test
    void absurdSizes() {
        assertRefused(
                new OnnxSample(18)
                        .longs("shape", Long.MAX_VALUE, Long.MAX_VALUE)
                        .input("x", DataType.FLOAT, 2)
                        .node("Reshape", "x shape", "y")
                        .output("y")::imported,
                "Reshape");
        OnnxSample huge = new OnnxSample(18);
        huge.graph()
                .addInitializer(TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(DataType.FLOAT_VALUE)
                        .addDims(1L << 40)
                        .addDims(1L << 40));
        assertRefused(huge.output("w")::imported, "tensor 'w'");
    }

    @Test
    void aLargeConstantOfShapeIsNotMade() {
        new OnnxSample(18)
                .longs("shape", 1L << 20, 1L << 20)
                .node("ConstantOfShape", "shape", "y")
                .output("y")
                .imported();
    }

    @Test
    void aFunctionThatCallsItself() {
        OnnxSample sample = new OnnxSample(18).input("x", DataType.FLOAT, 2);
        NodeProto call = NodeProto.newBuilder()
                .setOpType("F")
                .setDomain("mine")
                .addInput("x")
                .addOutput("y")
                .build();
        sample.model()
                .addFunctions(FunctionProto.newBuilder()
                        .setName("F")
                        .setDomain("mine")
                        .addInput("x")
                        .addOutput("y")
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18))
                        .addNode(call));
        sample.graph().addNode(call);
        assertRefused(sample.output("y")::imported, "nested deeper than 32");
    }

    @Test
    void graphsInGraphs() {
        GraphProto inner = GraphProto.newBuilder()
                .addNode(OnnxSample.nodeOf("Neg", "x", "y"))
                .addOutput(ValueInfoProto.newBuilder().setName("y"))
                .build();
        for (int i = 0; i < 40; i++) {
            inner = GraphProto.newBuilder()
                    .addNode(OnnxSample.nodeOf("If", "yes", "y", OnnxSample.graph("then_branch", inner)))
                    .addOutput(ValueInfoProto.newBuilder().setName("y"))
                    .build();
        }
        OnnxSample sample = new OnnxSample(18)
                .input("x", DataType.FLOAT, 2)
                .longs("one", 1)
                .node("Cast", "one", "yes", OnnxSample.integer("to", DataType.BOOL_VALUE))
                .node("If", "yes", "y", OnnxSample.graph("then_branch", inner))
                .output("y");
        assertRefused(sample::imported, "nested deeper than 32");
        byte[] bytes = sample.build().toByteArray();
        assertRefused(() -> OnnxSample.read(folder, bytes), "onnx");
    }

    @Test
    void longNamesAndAttributesOfOtherTypes() {
        String name = "n".repeat(100_000);
        assertRefused(
                new OnnxSample(18)
                        .input("x", DataType.FLOAT, 2)
                        .node(name, "x", name)
                        .output(name)::imported,
                "no class of this library imports the operator");
        assertRefused(
                new OnnxSample(18)
                        .input("x", DataType.FLOAT, 2, 3)
                        .node("Softmax", "x", "y", OnnxSample.text("axis", "last"))
                        .output("y")::imported,
                "attribute axis is of type STRING, expected INT");
        assertRefused(
                new OnnxSample(18).input("x", DataType.FLOAT, name).output("x")::imported,
                "a name of 100000 characters");
    }

    /** Wherever a tensor may stand: what lies outside of the model's folder, or behind a link that leads there, is not read. */
    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/secret", "link", "inside/../../secret", "none", "a\0b"})
    void sideFilesOutsideOfTheFolder(String location) throws IOException {
        Path secret = Files.write(folder.resolve("secret"), new byte[8]);
        Path inside = Files.createDirectories(folder.resolve("model").resolve("inside"));
        Path model = inside.resolveSibling("model.onnx");
        Files.createSymbolicLink(inside.resolveSibling("link"), secret);
        TensorProto tensor = external(location.startsWith("/") ? secret.toString() : location);
        AttributeProto value = AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeType.TENSOR)
                .setT(tensor)
                .build();
        OnnxSample initializer = new OnnxSample(18);
        initializer.graph().addInitializer(tensor);
        OnnxSample sparse = new OnnxSample(18);
        sparse.graph()
                .addSparseInitializer(SparseTensorProto.newBuilder()
                        .setValues(tensor)
                        .setIndices(OnnxSample.vector("indices", 0, 1))
                        .addDims(2));
        GraphProto inner = new OnnxSample(18)
                .node("Constant", "", "w", value)
                .output("w")
                .graph()
                .build();
        for (OnnxSample sample : List.of(
                initializer,
                sparse,
                new OnnxSample(18).node("Constant", "", "w", value),
                new OnnxSample(18).longs("one", 1).node("If", "one", "w", OnnxSample.graph("then_branch", inner)))) {
            Files.write(model, sample.output("w").build().toByteArray());
            assertRefused(() -> OnnxImport.importGraph(model), "is not a file in the folder of");
        }
    }

    private static TensorProto external(String location) {
        return TensorProto.newBuilder()
                .setName("w")
                .setDataType(DataType.FLOAT_VALUE)
                .addDims(2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location))
                .build();
    }

    /** Numbers that have to be one, and are none. */
    @Test
    void numbersThatAreMissing() {
        assertRefused(
                new OnnxSample(18)
                        .input("x", DataType.INT64, "n")
                        .longs("depth")
                        .floats("values", List.of(2L), 0, 1)
                        .node("OneHot", "x depth values", "y")
                        .output("y")::imported,
                "input 1 has 0 elements, expected one");
        assertRefused(
                new OnnxSample(18)
                        .input("x", DataType.FLOAT, "n")
                        .longs("steps", 2)
                        .node("Loop", "steps . x", "y", OnnxSample.graph("body", GraphProto.getDefaultInstance()))
                        .output("y")::imported,
                "its body has 0 inputs and 0 outputs");
    }

    @Test
    void valuesThatNobodyGives() {
        assertRefused(
                new OnnxSample(18).node("Neg", "nothing", "y").output("y")::imported,
                "nothing gives its input 'nothing'");
        assertRefused(new OnnxSample(18).output("y")::imported, "nothing gives the output 'y'");
    }
}
