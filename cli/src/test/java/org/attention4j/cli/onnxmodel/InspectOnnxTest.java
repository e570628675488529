package org.attention4j.cli.onnxmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.attention4j.onnx.proto.TypeProto;
import org.attention4j.onnx.proto.ValueInfoProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectOnnxTest {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");

    @TempDir
    private Path folder;

    /** {@code y = x·w} or its negative, and a state that counts. */
    @BeforeEach
    void writeGraph() {
        graph.addInput(port("x", "batch", 4))
                .addInput(port("past_0", "batch", ""))
                .addOutput(port("y", "batch", 2))
                .addOutput(port("present_0", "batch", ""))
                .addInitializer(TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(DataType.FLOAT_VALUE)
                        .addDims(4)
                        .addDims(2)
                        .setRawData(ByteString.copyFrom(new byte[32])))
                .addInitializer(TensorProto.newBuilder()
                        .setName("yes")
                        .setDataType(DataType.BOOL_VALUE)
                        .addInt32Data(1))
                .addNode(node("MatMul", "h", "x", "w"))
                .addNode(node("If", "y", "yes").toBuilder()
                        .addAttribute(branch("then_branch", "Identity"))
                        .addAttribute(branch("else_branch", "Neg")))
                .addNode(node("Neg", "present_0", "past_0"));
    }

    @Test
    void tellsWhatAFileHoldsThatIsNoDecoder() throws IOException {
        String out = inspect(write()).done();
        for (String line : new String[] {
            "versions      ai.onnx 18",
            "  x F32[batch, 4]",
            "  past_0 F32[batch, ?], state, next value present_0",
            "  y F32[batch, 2]",
            "states        1",
            "operators     5 nodes",
            "  ai.onnx:Neg ×2",
            "  ai.onnx:MatMul ×1",
            "weights       33 B",
            "  FLOAT      1 tensors, 8 parameters, 32 B",
            "  BOOL       1 tensors, 1 parameters, 1 B",
        }) {
            assertTrue(out.lines().anyMatch(line::equals), () -> "no line '" + line + "' in " + out);
        }
        assertTrue(out.contains("import        3 ops: 1 × constant, 1 × linear, 1 × neg"), out);
        assertTrue(out.contains("decoder       none: ") && out.contains("it takes no token ids"), out);
    }

    @Test
    void jsonOfADirectory() throws IOException {
        Path file = write();
        JsonNode i = JsonMapper.shared()
                .readTree(Cli.run("inspect", "--model", file.getParent(), "--json")
                        .done());
        assertEquals(file.toString(), i.get("path").asString());
        assertEquals("onnx", i.get("format").asString());
        assertEquals(18, i.get("versions").get("ai.onnx").asInt());
        assertEquals("F32[batch, 4]", i.get("inputs").get(0).get("type").asString());
        assertEquals("present_0", i.get("states").get(0).get("output").asString());
        assertEquals(2, i.get("operators").get("ai.onnx:Neg").asInt());
        assertEquals(32, i.get("tensorTypes").get(0).get("bytes").asInt());
        assertEquals(1, i.get("imported").get("linear").asInt());
        assertTrue(i.get("importRefusal").isNull() && i.get("decoder").isNull(), i::toString);
    }

    @Test
    void anImportThatIsRefusedIsASentence() throws IOException {
        graph.addNode(node("Unknown\n", "z", "y").toBuilder().setDomain("some.where"));
        graph.addOutput(port("z", "batch"));
        String out = inspect(write()).done();
        assertTrue(out.contains("  some.where:Unknown\\u000a ×1"), out);
        assertTrue(
                out.lines()
                        .anyMatch(l -> l.startsWith("import        refused: ")
                                && l.endsWith("no class of this library imports the operator")),
                out);
    }

    @Test
    void aDecoderIsOneToo() throws IOException {
        Path gguf = RandomModels.tiny(folder);
        Path onnx = folder.resolve("out").resolve("model.onnx");
        Cli.run("convert", gguf, onnx).done();
        JsonNode i = JsonMapper.shared()
                .readTree(Cli.run("inspect", "--model", onnx, "--json").done());
        assertEquals(4, i.get("states").size());
        assertEquals(2, i.get("operators").get("ai.onnx:Attention").asInt());
        assertEquals(2, i.get("imported").get("attention").asInt());
        assertEquals(300, i.get("decoder").get("vocabSize").asInt());
        assertTrue(i.get("decoderRefusal").isNull(), i::toString);
    }

    private static Cli.Result inspect(Path file) {
        return Cli.run("inspect", "--model", file);
    }

    private Path write() throws IOException {
        Path file = Files.createDirectories(folder.resolve("encoder")).resolve("model.onnx");
        OnnxModels.write(
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .setGraph(graph)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18))
                        .build(),
                file);
        return file;
    }

    private static AttributeProto branch(String name, String type) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(GraphProto.newBuilder()
                        .setName(name)
                        .addNode(node(type, name + "_y", "h"))
                        .addOutput(ValueInfoProto.newBuilder().setName(name + "_y")))
                .build();
    }

    private static NodeProto node(String type, String output, String... inputs) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(type).addOutput(output);
        for (String input : inputs) {
            node.addInput(input);
        }
        return node.build();
    }

    /** F32; an empty name is a size that has none. */
    private static ValueInfoProto port(String name, Object... dims) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE);
        for (Object dim : dims) {
            var d = tensor.getShapeBuilder().addDimBuilder();
            if (dim instanceof Integer size) {
                d.setDimValue(size);
            } else if (!dim.equals("")) {
                d.setDimParam(dim.toString());
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
