package org.attention4j.onnx.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelsTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        ModelProto model = aModel();
        Path file = folder.resolve("m.onnx");
        OnnxModels.write(model, file);
        assertEquals(model, OnnxModels.read(file));
        assertEquals(model, ModelProto.parseFrom(OnnxModels.toBytes(model)));
    }

    private static ModelProto aModel() {
        return Models.withInitializers(Models.tensor(DataType.FLOAT, 2)
                .setRawData(ByteString.copyFrom(new byte[8]))
                .build());
    }

    /** The bytes were taken from the official Python package: make_node("Concat", ["a", "b"], ["c"], axis=0) in a model. */
    @Test
    void speaksTheWireFormatOfOtherImplementations() throws IOException {
        String official =
                "080a1201703a230a1e0a01610a01621201632206436f6e6361742a0b0a04617869731800a0010212016742040a001017";
        NodeProto node = NodeProto.newBuilder()
                .addInput("a")
                .addInput("b")
                .addOutput("c")
                .setOpType("Concat")
                .addAttribute(
                        AttributeProto.newBuilder().setName("axis").setI(0).setType(AttributeProto.AttributeType.INT))
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(10)
                .setProducerName("p")
                .setGraph(GraphProto.newBuilder().addNode(node).setName("g"))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(23))
                .build();
        Path file = folder.resolve("m.onnx");
        Files.write(file, HexFormat.of().parseHex(official));
        assertEquals(model, OnnxModels.read(file));
        assertEquals(official, HexFormat.of().formatHex(OnnxModels.toBytes(model)));
    }

    @Test
    void keepsMessagesThatItDoesNotKnow() throws IOException {
        UnknownFieldSet.Field training = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("x"))
                .build();
        ModelProto model = Models.withInitializers().toBuilder()
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(20, training).build())
                .build();
        Path file = folder.resolve("m.onnx");
        OnnxModels.write(model, file);
        assertEquals(training, OnnxModels.read(file).getUnknownFields().getField(20));
    }

    @Test
    void refusesFilesThatAreNoModels() throws IOException {
        assertRefused(new byte[0], "it has no graph");
        assertRefused("GGUF and then something".getBytes(StandardCharsets.UTF_8), "not an ONNX model");
        byte[] whole = OnnxModels.toBytes(aModel());
        for (int length = 1; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "not an ONNX model");
        }
    }

    @Test
    void refusesNestingWithoutEnd() throws IOException {
        GraphProto graph = GraphProto.newBuilder().setName("g").build();
        for (int depth = 0; depth < 200; depth++) {
            AttributeProto body = AttributeProto.newBuilder().setG(graph).build();
            graph = GraphProto.newBuilder()
                    .addNode(NodeProto.newBuilder().addAttribute(body))
                    .build();
        }
        byte[] model =
                ModelProto.newBuilder().setIrVersion(10).setGraph(graph).build().toByteArray();
        assertRefused(model, "not an ONNX model");
    }

    private void assertRefused(byte[] bytes, String expected) throws IOException {
        Path file = folder.resolve("bad.onnx");
        Files.write(file, bytes);
        OnnxFormatException e = assertThrows(OnnxFormatException.class, () -> OnnxModels.read(file));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("bad.onnx") && message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void refusesFilesOverTheLimitOfMessages() throws IOException {
        Path file = folder.resolve("large.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(OnnxModels.MAX_MESSAGE_BYTES + 1L);
        }
        OnnxFormatException e = assertThrows(OnnxFormatException.class, () -> OnnxModels.read(file));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("2147483648 bytes"), message);
    }

    @Test
    void refusesFoldersAndMissingFiles() {
        assertThrows(OnnxFormatException.class, () -> OnnxModels.read(folder));
        assertThrows(OnnxFormatException.class, () -> OnnxModels.read(folder.resolve("none.onnx")));
    }
}
