package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.OnnxImport;
import org.attention4j.onnx.OnnxFile;
import org.attention4j.onnx.file.OnnxModels;
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

/** A model of one node, whose import is compared with ONNX Runtime's own run of it. */
final class OneNode {
    private static final long VERSION = 21;
    private static final int IR_VERSION = 10;

    private final Random random = new Random(5);
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("node");
    private final NodeProto.Builder node = NodeProto.newBuilder().setName("node");
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();

    OneNode(String domain, String type) {
        node.setOpType(type).setDomain(domain);
    }

    static OneNode microsoft(String type) {
        return new OneNode("com.microsoft", type);
    }

    /** The next input. */
    OneNode input(Tensor t) {
        String name = "in" + node.getInputCount();
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dim : t.shape().dims()) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        graph.addInput(ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type(t.dtype()).getNumber())
                                .setShape(shape))));
        inputs.put(name, t);
        node.addInput(name);
        return this;
    }

    /** The next input, normally distributed. */
    OneNode random(long... dims) {
        return input(normal(dims));
    }

    private Tensor normal(long... dims) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(dims));
        for (long i = 0; i < t.shape().elements(); i++) {
            t.setDouble(i, random.nextGaussian());
        }
        return t;
    }

    /** The next input, a part of the model. */
    OneNode weight(Tensor t) {
        String name = "weight" + node.getInputCount();
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type(t.dtype()).getNumber());
        for (long dim : t.shape().dims()) {
            proto.addDims(dim);
        }
        graph.addInitializer(proto.setRawData(ByteString.copyFrom(t.data().toArray(ValueLayout.JAVA_BYTE))));
        node.addInput(name);
        return this;
    }

    /** The next inputs are not given. */
    OneNode without(int count) {
        for (int i = 0; i < count; i++) {
            node.addInput("");
        }
        return this;
    }

    OneNode attribute(String name, long... values) {
        AttributeProto.Builder a = AttributeProto.newBuilder().setName(name);
        if (values.length == 1) {
            a.setType(AttributeType.INT).setI(values[0]);
        } else {
            a.setType(AttributeType.INTS);
            for (long value : values) {
                a.addInts(value);
            }
        }
        node.addAttribute(a);
        return this;
    }

    OneNode number(String name, double value) {
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.FLOAT)
                .setF((float) value));
        return this;
    }

    OneNode text(String name, String value) {
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value)));
        return this;
    }

    /** Compares this many outputs on the reference backend, within {@code tolerance·(1 + |y|)}. */
    void agrees(Path folder, int outputs, double tolerance) throws IOException {
        for (int i = 0; i < outputs; i++) {
            node.addOutput("out" + i);
            graph.addOutput(ValueInfoProto.newBuilder().setName("out" + i));
        }
        Path file = folder.resolve("node.onnx");
        OnnxModels.write(model(), file);
        Graph imported = OnnxImport.importGraph(file);
        try (OnnxFile original = OnnxFile.open(file);
                Backend backend = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph compiled = backend.compile(imported, CompileOptions.DEFAULT)) {
            Map<String, Tensor> expected = original.run(inputs);
            assertEquals(outputs, expected.size());
            compiled.run(inputs).forEach((name, actual) -> {
                Tensor y = Objects.requireNonNull(expected.get(name), name);
                assertEquals(y.dtype(), actual.dtype(), name);
                Comparison c = Comparison.of(name, actual, y, new Tolerance(tolerance, tolerance));
                assertTrue(c.mismatch().isEmpty(), c.mismatch()::toString);
            });
        }
    }

    private ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(VERSION))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .setGraph(graph.addNode(node))
                .build();
    }

    private static DataType type(DType dtype) {
        return switch (dtype) {
            case F32 -> DataType.FLOAT;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            default -> throw new IllegalArgumentException("no node has " + dtype);
        };
    }

    /** Integers of a type. */
    static Tensor integers(DType dtype, Shape shape, long... values) {
        Tensor t = Tensor.zeros(dtype, shape);
        for (int i = 0; i < values.length; i++) {
            t.setLong(i, values[i]);
        }
        return t;
    }

    /** Bytes over the whole range of a type. */
    Tensor bytes(DType dtype, long... dims) {
        Tensor t = Tensor.zeros(dtype, Shape.of(dims));
        for (long i = 0; i < t.shape().elements(); i++) {
            t.setLong(i, random.nextInt(256) - (dtype == DType.I8 ? 128 : 0));
        }
        return t;
    }

    /** Positive floats. */
    Tensor scales(long... dims) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(dims));
        for (long i = 0; i < t.shape().elements(); i++) {
            t.setDouble(i, 0.01 + 0.1 * random.nextDouble());
        }
        return t;
    }
}
