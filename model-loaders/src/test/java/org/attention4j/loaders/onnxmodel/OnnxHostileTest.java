package org.attention4j.loaders.onnxmodel;

import static org.attention4j.loaders.BadInput.assertMutationsReadOrRefused;
import static org.attention4j.loaders.BadInput.assertPrefixesRefused;
import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.core.external.ExternalModel;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.SparseTensorProto;
import org.attention4j.onnx.proto.StringStringEntryProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TypeProto;
import org.attention4j.onnx.proto.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken and hostile files of decoders: read, or refused with one line. */
class OnnxHostileTest {
    @TempDir
    private Path folder;

    @Test
    void theSampleIsADecoder() throws IOException {
        ExternalModel model = (ExternalModel) read(sample().build());
        assertEquals(5, model.info().vocabSize());
        assertEquals(1, model.layers().size());
        assertEquals(
                "past_key_values.0.key", model.decoder().states().getFirst().input());
    }

    @Test
    void partsAndMutationsAreReadOrRefused() throws IOException {
        byte[] valid = sample().build().toByteArray();
        assertPrefixesRefused(valid, this::read);
        assertMutationsReadOrRefused(valid, this::read);
    }

    @Test
    void sideFilesOutsideTheFolderAreRefused() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Path secret = Files.write(folder.resolve("secret"), new byte[4]);
        Files.createSymbolicLink(inside.resolve("link"), secret);
        for (String location :
                new String[] {"../secret", secret.toString(), "link", "x/../../secret", "none", "a\0b"}) {
            Path file = inside.resolve("model.onnx");
            Files.write(file, withTensor(external(location, 1)).toByteArray());
            assertRefused(() -> define(file), "is not a file in the folder of");
        }
        ModelProto.Builder sparse = sample();
        sparse.getGraphBuilder()
                .addSparseInitializer(SparseTensorProto.newBuilder()
                        .setValues(external("../secret", 1))
                        .addDims(1));
        refuse(sparse.build(), "is not a file in the folder of");
    }

    @Test
    void absurdTensorsAreRefused() throws IOException {
        Files.write(folder.resolve("data"), new byte[4]);
        refuse(withTensor(external("data", 2)), "bytes 0 + 8 are outside of data, which has 4");
        refuse(withTensor(external("data", -1)), "dimension -1 is negative");
        refuse(withTensor(external("data", Long.MAX_VALUE)), "the size overflows");
        refuse(withTensor(external("data", 1).toBuilder().setDataType(99).build()), "unknown data type 99");
        String name = "n\n".repeat(1 << 20);
        refuse(withTensor(external("data", 2).toBuilder().setName(name).build()), "tensor 'n");
    }

    @Test
    void absurdInputsAreRefused() throws IOException {
        refuse(withInput("past_key_values.0.value", 1L << 40, 1L << 40), "takes more than 2147483647 bytes");
        refuse(withInput("past_key_values.0.value", -7), "has a dimension of -7");
        refuse(withInput("past_key_values.0.value", 2, 0, 0), "has two unknown sizes");
        refuse(withInput("encoder_hidden_states", 4), "nobody knows what to give to its input 'encoder_hidden_states'");
        ModelProto.Builder none = sample();
        none.getGraphBuilder().removeInput(0);
        refuse(none.build(), "it takes no token ids (input_ids)");
    }

    @Test
    void endlessModelsAreRefused() throws IOException {
        refuse(
                sample().addFunctions(function("f", "g"))
                        .addFunctions(function("g", "f"))
                        .build(),
                "calls itself");
        GraphProto inner = GraphProto.newBuilder().build();
        for (int i = 0; i < 40; i++) {
            AttributeProto body =
                    AttributeProto.newBuilder().setName("body").setG(inner).build();
            inner = GraphProto.newBuilder()
                    .addNode(NodeProto.newBuilder().setOpType("Loop").addAttribute(body))
                    .build();
        }
        ModelProto.Builder deep = sample();
        deep.getGraphBuilder().addAllNode(inner.getNodeList());
        refuse(deep.build(), "model.onnx");
    }

    private void refuse(ModelProto model, String fragment) {
        assertRefused(() -> read(model), fragment);
    }

    private ModelDefinition read(ModelProto model) {
        return read(model.toByteArray());
    }

    private ModelDefinition read(byte[] bytes) {
        Path file = folder.resolve("model.onnx");
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return define(file);
    }

    private static ModelDefinition define(Path file) {
        try (Checkpoint checkpoint = new OnnxFormat().open(file)) {
            return new OnnxArchitecture().define(checkpoint);
        }
    }

    private static FunctionProto function(String name, String calls) {
        return FunctionProto.newBuilder()
                .setName(name)
                .addNode(NodeProto.newBuilder().setOpType(calls))
                .build();
    }

    private static TensorProto external(String location, long size) {
        return TensorProto.newBuilder()
                .setName("w")
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addDims(size)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location))
                .build();
    }

    private static ModelProto withTensor(TensorProto tensor) {
        ModelProto.Builder model = sample();
        model.getGraphBuilder().addInitializer(tensor);
        return model.build();
    }

    private static ModelProto withInput(String name, long... dims) {
        ModelProto.Builder model = sample();
        model.getGraphBuilder()
                .addInput(port(name, TensorProto.DataType.FLOAT, dims))
                .addOutput(port("present.0.value", TensorProto.DataType.FLOAT, dims));
        return model.build();
    }

    /** A decoder of five tokens with one cache, whose nodes nobody looks at here. */
    private static ModelProto.Builder sample() {
        TensorProto weight = TensorProto.newBuilder()
                .setName("inline")
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addDims(2)
                .addFloatData(1)
                .addFloatData(2)
                .build();
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(port("input_ids", TensorProto.DataType.INT64, 0, 0))
                .addInput(port("attention_mask", TensorProto.DataType.INT64, 0, 0))
                .addInput(port("past_key_values.0.key", TensorProto.DataType.FLOAT, 0, 2, 0, 4))
                .addOutput(port("logits", TensorProto.DataType.FLOAT, 0, 0, 5))
                .addOutput(port("present.0.key", TensorProto.DataType.FLOAT, 0, 2, 0, 4))
                .addInitializer(weight)
                .addNode(NodeProto.newBuilder().setOpType("Nothing").addInput("input_ids"));
        return ModelProto.newBuilder().setIrVersion(10).setGraph(graph);
    }

    /** Of these sizes, which are unknown where they are 0; the first one is that of batches. */
    private static ValueInfoProto port(String name, TensorProto.DataType type, long... dims) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
        for (int i = 0; i < dims.length; i++) {
            var dim = tensor.getShapeBuilder().addDimBuilder();
            if (dims[i] == 0) {
                dim.setDimParam(i == 0 ? "batch" : "length" + i);
            } else {
                dim.setDimValue(dims[i]);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
