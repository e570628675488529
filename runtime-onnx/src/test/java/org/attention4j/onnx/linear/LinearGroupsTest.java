package org.attention4j.onnx.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.ModelEmitter;
import org.attention4j.onnx.emit.WeightFile;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many products linear layers become: the same results, whatever their number. */
class LinearGroupsTest {
    private static final Tolerance ROUNDING = new Tolerance(1e-4, 0);
    private static final int DIM = 64;

    private final GraphBuilder builder = new GraphBuilder("groups");
    private final Value x = builder.input("x", TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(DIM)));

    @TempDir
    private Path folder;

    private Value linear(Value of, DType dtype, long rows, boolean bias) {
        String name = "w%d".formatted(rows);
        Value weight = builder.weight(name, RandomTensors.of(dtype, rows, Shape.of(rows, DIM)));
        return bias
                ? builder.apply(
                        new Linear(true),
                        of,
                        weight,
                        builder.weight(name + ".bias", RandomTensors.of(DType.F16, rows, Shape.of(rows))))
                : builder.apply(new Linear(false), of, weight);
    }

    /** The operators of the model's products and what joins and splits them, in order. */
    private List<String> operators(LinearLowering lowering) throws IOException, OrtException {
        Graph graph = builder.build();
        try (WeightFile weights = new WeightFile(folder, "weights.bin")) {
            ModelProto model = new ModelEmitter(new LoweringContext(graph, false), c -> Optional.of(lowering))
                    .emit(graph, weights)
                    .proto();
            OnnxModels.write(model, folder.resolve("model.onnx"));
            checkResults(graph);
            return model.getGraph().getNodeList().stream()
                    .map(NodeProto::getOpType)
                    .toList();
        }
    }

    private void checkResults(Graph graph) throws OrtException {
        Tensor input = RandomTensors.of(DType.F32, 7, Shape.of(1, 3, DIM));
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph compiled = reference.compile(graph, CompileOptions.DEFAULT);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = OrtEnvironment.getEnvironment()
                        .createSession(folder.resolve("model.onnx").toString(), options);
                OnnxTensor given = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(),
                        input.data()
                                .asByteBuffer()
                                .order(ByteOrder.nativeOrder())
                                .asFloatBuffer(),
                        input.shape().dims());
                OrtSession.Result results = session.run(Map.of("x", given))) {
            assertEquals("cpu", onnx.device().id(), "its environment is the session's");
            Map<String, Tensor> expected = new HashMap<>(compiled.run(Map.of("x", input)));
            for (var result : results) {
                OnnxTensor tensor = (OnnxTensor) result.getValue();
                float[] values = new float[Math.toIntExact(tensor.getInfo().getNumElements())];
                tensor.getFloatBuffer().get(values);
                Tensor actual = Tensor.f32(Shape.of(tensor.getInfo().getShape()), values);
                Compare.assertClose(
                        result.getKey(),
                        Optional.ofNullable(expected.remove(result.getKey())).orElseThrow(),
                        actual,
                        ROUNDING);
            }
            assertEquals(Map.of(), expected);
        }
    }

    @Test
    void layersOfOneInputBecomeOneProduct() throws IOException, OrtException {
        builder.result("q", linear(x, DType.F32, 48, false));
        builder.result("k", linear(x, DType.F32, 16, false));
        builder.result("v", linear(x, DType.F32, 17, false));
        assertEquals(List.of("FusedMatMul", "Split"), operators(new MatMulF32()));
    }

    @Test
    void biasesAreAddedAtOnce() throws IOException, OrtException {
        builder.result("q", linear(x, DType.Q8_0, 48, true));
        builder.result("k", linear(x, DType.Q8_0, 16, true));
        assertEquals(List.of("FusedMatMul", "Add", "Split"), operators(new MatMulF32()));
    }

    @Test
    void otherTypesInputsAndBiasesStayApart() throws IOException, OrtException {
        Value q = linear(x, DType.F32, 48, false);
        Value k = linear(x, DType.F16, 16, false);
        Value v = linear(x, DType.F32, 17, true);
        Value first = linear(x, DType.F32, 64, true);
        builder.result("q", q);
        builder.result("k", k);
        builder.result("v", v);
        builder.result("o", linear(first, DType.F32, 15, true));
        assertEquals(
                List.of("FusedMatMul", "FusedMatMul", "FusedMatMul", "Add", "Split", "FusedMatMul", "Add"),
                operators(new MatMulF32()));
    }

    @Test
    void aGroupHasAGreatestSize() throws IOException, OrtException {
        builder.result("q", linear(x, DType.F32, 48, false));
        builder.result("k", linear(x, DType.F32, 16, false));
        builder.result("v", linear(x, DType.F32, 15, false));
        assertEquals(List.of("FusedMatMul", "Split", "FusedMatMul"), operators(new MatMulF32(64 * DIM)));
    }

    @Test
    void aGreatMatrixBecomesSeveralProducts() throws IOException, OrtException {
        builder.result("logits", linear(x, DType.F32, 50, true));
        assertEquals(
                List.of("FusedMatMul", "FusedMatMul", "FusedMatMul", "Concat", "Add"),
                operators(new MatMulF32(20 * DIM)));
    }

    @Test
    void weightsThatAreComputedStayApart() throws IOException, OrtException {
        Value weight = builder.weight("w", RandomTensors.of(DType.F32, 1, Shape.of(9, DIM)));
        Value computed = builder.mul(weight, 2);
        builder.result("q", builder.apply(new Linear(false), x, computed));
        builder.result("k", linear(x, DType.F32, 16, false));
        assertEquals(List.of("Mul", "FusedMatMul", "FusedMatMul"), operators(new MatMulF32()));
    }
}
