package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.reference.ReferenceBackend;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.AttributeProto.AttributeType;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.attention4j.onnx.proto.TensorShapeProto;
import org.attention4j.onnx.proto.TypeProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/** Small ONNX models, written in tests. */
final class OnnxSample {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sample");
    private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(10);

    OnnxSample(long version) {
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(version));
    }

    GraphProto.Builder graph() {
        return graph;
    }

    ModelProto.Builder model() {
        return model;
    }

    /** Dims are numbers or names. */
    OnnxSample input(String name, DataType type, Object... dims) {
        graph.addInput(info(name, type, dims));
        return this;
    }

    static ValueInfoProto info(String name, DataType type, Object... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            TensorShapeProto.Dimension.Builder d = shape.addDimBuilder();
            if (dim instanceof Number n) {
                d.setDimValue(n.longValue());
            } else {
                d.setDimParam(dim.toString());
            }
        }
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    OnnxSample floats(String name, List<Long> dims, float... values) {
        TensorProto.Builder t =
                TensorProto.newBuilder().setName(name).addAllDims(dims).setDataType(DataType.FLOAT_VALUE);
        for (float value : values) {
            t.addFloatData(value);
        }
        graph.addInitializer(t);
        return this;
    }

    /** A tensor of 1, 2, … in bytes. */
    OnnxSample bytes(String name, List<Long> dims, DataType type) {
        byte[] values = new byte[dims.stream().mapToInt(Math::toIntExact).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i + 1);
        }
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .addAllDims(dims)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(values)));
        return this;
    }

    /** A vector; without values, of no entries. */
    OnnxSample longs(String name, long... values) {
        graph.addInitializer(vector(name, values));
        return this;
    }

    static TensorProto vector(String name, long... values) {
        TensorProto.Builder t =
                TensorProto.newBuilder().setName(name).addDims(values.length).setDataType(DataType.INT64_VALUE);
        for (long value : values) {
            t.addInt64Data(value);
        }
        return t.build();
    }

    /** A node; inputs are separated by spaces, a single dot is one left out. */
    OnnxSample node(String type, String inputs, String output, AttributeProto... attributes) {
        graph.addNode(nodeOf(type, inputs, output, attributes));
        return this;
    }

    /** A node that is built already. */
    OnnxSample add(NodeProto node) {
        graph.addNode(node);
        return this;
    }

    /** A node of an operator of another domain. */
    OnnxSample nodeIn(String domain, String type, String inputs, String output, AttributeProto... attributes) {
        return add(nodeOf(type, inputs, output, attributes).toBuilder()
                .setDomain(domain)
                .build());
    }

    static NodeProto nodeOf(String type, String inputs, String output, AttributeProto... attributes) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(type).addOutput(output);
        for (String input : inputs.isEmpty() ? new String[0] : inputs.split(" ", -1)) {
            node.addInput(input.equals(".") ? "" : input);
        }
        return node.addAllAttribute(List.of(attributes)).build();
    }

    OnnxSample output(String name) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        return this;
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder a = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        for (long value : values) {
            a.addInts(value);
        }
        return a.build();
    }

    static AttributeProto graph(String name, GraphProto value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.GRAPH)
                .setG(value)
                .build();
    }

    static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    ModelProto build() {
        return model.setGraph(graph).build();
    }

    Graph imported() {
        return OnnxImport.importModel(build(), Path.of("sample.onnx"), ImmutableMap.of());
    }

    /** The only result of a graph on the reference backend. */
    static Tensor run(Graph graph, Map<String, Tensor> inputs) {
        try (Backend backend = new ReferenceBackend.Provider().create(BackendOptions.DEFAULT);
                CompiledGraph compiled = backend.compile(graph, CompileOptions.DEFAULT)) {
            return compiled.run(inputs).values().iterator().next();
        }
    }

    /** Imports a file of these bytes. */
    static void read(Path folder, byte[] bytes) {
        try {
            Path file = folder.resolve("sample.onnx");
            Files.write(file, bytes);
            OnnxImport.importGraph(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
