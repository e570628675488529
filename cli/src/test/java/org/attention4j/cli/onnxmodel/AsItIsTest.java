package org.attention4j.cli.onnxmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.LanguageModel;
import org.attention4j.core.session.Session;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A decoder of 16 bits with one state for keys and values of all heads, a cache branch, positions of three kinds and a choice of
 * logits: for each token it gives its position, its cache position, the tokens that the mask shows, and 1000 on the cache branch plus
 * the sum of what the cache holds, which is each token's id twice.
 */
class AsItIsTest {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("decoder");

    @TempDir
    private Path folder;

    @Test
    void everyInputIsFedAsItsNameSays() throws IOException {
        Path file = write();
        try (LanguageModel model = LanguageModel.open(file);
                Session session = model.newSession()) {
            float[] scores = session.score(1, 2, 3).toFloatArray();
            assertArrayEquals(new float[] {0, 0, 3, 0, 1, 1, 3, 0, 2, 2, 3, 0}, scores);
            assertArrayEquals(new float[] {3, 3, 4, 1012}, session.decode(3).toFloatArray());
            assertArrayEquals(new float[] {5, 5, 6, 1018}, session.prefill(1, 1).toFloatArray());
            assertTrue(session.truncate(2));
            ByteArrayOutputStream saved = new ByteArrayOutputStream();
            session.save(saved);
            try (Session fork = session.fork();
                    Session restored =
                            model.compiled().restoreSession(new ByteArrayInputStream(saved.toByteArray()), 100)) {
                float[] expected = {2, 2, 3, 1006};
                assertArrayEquals(expected, session.decode(1).toFloatArray());
                assertArrayEquals(expected, fork.decode(1).toFloatArray());
                assertArrayEquals(expected, restored.decode(1).toFloatArray());
            }
        }
    }

    private Path write() throws IOException {
        input("input_ids", DataType.INT64, "batch", "seq");
        input("attention_mask", DataType.INT64, "batch", "total");
        input("position_ids", DataType.INT64, 3, "batch", "seq");
        input("cache_position", DataType.INT64, "seq");
        input("use_cache_branch", DataType.BOOL, 1);
        input("num_logits_to_keep", DataType.INT64);
        input("past_0", DataType.FLOAT16, 2, "batch", 1, "past", 1);
        number("zero", 0);
        vector("first", 0);
        vector("second", 1);
        vector("last", -1);
        vector("end", Long.MAX_VALUE);
        vector("pair", 2, 1, 1, 1, 1);
        vector("middle", 0, 2, 4);
        number("thousand", 1000);
        node("Gather", "pos", List.of("position_ids", "zero"), attribute("axis", 0));
        node("Sub", "zeros", List.of("pos", "pos"));
        node("Add", "cached", List.of("cache_position", "zeros"));
        node("ReduceSum", "shown", List.of("attention_mask", "second"), attribute("keepdims", 1));
        node("Add", "seen", List.of("shown", "zeros"));
        node("Cast", "branch", List.of("use_cache_branch"), attribute("to", DataType.INT64.getNumber()));
        node("Mul", "thousands", List.of("branch", "thousand"));
        node("Cast", "whole", List.of("past_0"), attribute("to", DataType.INT64.getNumber()));
        node("ReduceSum", "holds", List.of("whole"), attribute("keepdims", 0));
        node("Add", "both", List.of("thousands", "holds"));
        node("Add", "branches", List.of("both", "zeros"));
        for (String part : List.of("pos", "cached", "seen", "branches")) {
            node("Unsqueeze", part + "_column", List.of(part, "last"));
        }
        node(
                "Concat",
                "all",
                List.of("pos_column", "cached_column", "seen_column", "branches_column"),
                attribute("axis", -1));
        node("Neg", "start", List.of("num_logits_to_keep"));
        node("Unsqueeze", "starts", List.of("start", "first"));
        node("Slice", "kept", List.of("all", "starts", "end", "second"));
        node("Cast", "logits", List.of("kept"), attribute("to", DataType.FLOAT16.getNumber()));
        node("Cast", "half", List.of("input_ids"), attribute("to", DataType.FLOAT16.getNumber()));
        node("Unsqueeze", "wide", List.of("half", "middle"));
        node("Tile", "twice", List.of("wide", "pair"));
        node("Concat", "present_0", List.of("past_0", "twice"), attribute("axis", 3));
        graph.addOutput(port("logits", DataType.FLOAT16, "batch", "kept", 4));
        graph.addOutput(port("present_0", DataType.FLOAT16, 2, "batch", 1, "total", 1));
        Path file = folder.resolve("decoder_model_merged.onnx");
        OnnxModels.write(
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .setGraph(graph)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                        .build(),
                file);
        return file;
    }

    private void input(String name, DataType type, Object... dims) {
        graph.addInput(port(name, type, dims));
    }

    private static ValueInfoProto port(String name, DataType type, Object... dims) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
        tensor.getShapeBuilder();
        for (Object dim : dims) {
            if (dim instanceof Integer size) {
                tensor.getShapeBuilder().addDimBuilder().setDimValue(size);
            } else {
                tensor.getShapeBuilder().addDimBuilder().setDimParam(dim.toString());
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private void vector(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64.getNumber())
                .addDims(values.length);
        for (long v : values) {
            tensor.addInt64Data(v);
        }
        graph.addInitializer(tensor);
    }

    private void number(String name, long value) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64.getNumber())
                .addInt64Data(value));
    }

    private void node(String type, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }
}
