package org.attention4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.StringStringEntryProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TypeProto;
import org.attention4j.onnx.proto.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
    @TempDir
    private Path folder;

    @Test
    void runsByNameWithWeightsInASideFile() throws IOException {
        try (OnnxModel model = open(sample(weight("model.data")))) {
            assertEquals(List.of(new OnnxModel.Port("x", Optional.of(DType.F32), List.of(-1L, 2L))), model.inputs());
            Tensor x = Tensor.f32(Shape.of(2, 2), 1, 2, 3, 4);
            Tensor y = Objects.requireNonNull(model.run(Map.of("x", x)).get("y"));
            assertArrayEquals(new float[] {11, 22, 13, 24}, y.toFloatArray());
            String missing = assertThrows(IllegalArgumentException.class, () -> model.run(Map.of()))
                    .getMessage();
            assertTrue(String.valueOf(missing).endsWith("input x is missing, expected F32[-1, 2]"), missing);
            Tensor wide = Tensor.f32(Shape.of(1, 3), 1, 2, 3);
            refused(() -> model.run(Map.of("x", wide)), "ONNX Runtime failed");
        }
    }

    @Test
    void whatIsNoModelIsRefusedInOneLine() throws IOException {
        ModelProto.Builder outside = sample(weight("../model.data"));
        refused(() -> open(outside), "is not a file in the folder of");
        ModelProto.Builder cycle = sample(weight("model.data"));
        cycle.getGraphBuilder()
                .setNode(0, node("Add", "y", "x", "b"))
                .addNode(node("Add", "a", "y", "w"))
                .addNode(node("Add", "b", "a", "w"));
        refused(() -> open(cycle), "ONNX Runtime refuses it");
        ModelProto.Builder unknown = sample(weight("model.data"));
        unknown.getGraphBuilder()
                .setNode(
                        0,
                        node("Add", "y", "x", "w").toBuilder()
                                .setDomain("my.own")
                                .build());
        refused(() -> open(unknown), "ONNX Runtime refuses it");
        Path file = folder.resolve("broken.onnx");
        Files.write(file, new byte[] {8, 10, 58, 100, 1});
        refused(() -> OnnxModel.open(file, BackendOptions.DEFAULT), "not an ONNX model");
    }

    private static void refused(Runnable run, String fragment) {
        String message =
                String.valueOf(assertThrows(BackendException.class, run::run).getMessage());
        assertTrue(message.contains(fragment), message);
        assertEquals(1, message.lines().count(), message);
    }

    private OnnxModel open(ModelProto.Builder model) {
        Path file = folder.resolve("model.onnx");
        try {
            OnnxModels.write(model.build(), file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return OnnxModel.open(file, BackendOptions.DEFAULT);
    }

    /** {@code F32[2]}: 10 and 20, in a file that is called otherwise if {@code location} is not its name. */
    private TensorProto weight(String location) throws IOException {
        try (ExternalDataWriter writer =
                ExternalDataWriter.create(folder.resolve("model.data"), ExternalDataWriter.PAGE)) {
            TensorProto tensor = writer.write(
                    "w",
                    TensorProto.DataType.FLOAT,
                    new long[] {2},
                    Tensor.f32(Shape.of(2), 10, 20).data());
            return tensor.toBuilder()
                    .setExternalData(
                            0,
                            StringStringEntryProto.newBuilder()
                                    .setKey("location")
                                    .setValue(location))
                    .build();
        }
    }

    private static ModelProto.Builder sample(TensorProto weight) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("sum")
                .addInput(port("x"))
                .addOutput(port("y"))
                .addInitializer(weight)
                .addNode(node("Add", "y", "x", "w"));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13));
    }

    private static NodeProto node(String type, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private static ValueInfoProto port(String name) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber());
        tensor.getShapeBuilder().addDimBuilder().setDimParam("rows");
        tensor.getShapeBuilder().addDimBuilder().setDimValue(2);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
