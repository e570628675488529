package org.attention4j.onnx.mla;

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
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer.Mixed;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Up-projections of any type a file has, in one tensor or in two. */
class UpProjectionsTest {
    private static final int HIDDEN = 16;
    private static final MlaConfig CONFIG = MlaConfig.of(
            HIDDEN, 2, 32, 32, 32, new RopeConfig(100, 4, RopeStyle.HALF, new RopeScaling.Default()), 1e-6);

    @ParameterizedTest
    @CsvSource({"F16, false", "F16, true", "BF16, false", "Q8_0, false", "Q8_0, true", "Q4_0, true"})
    void areUsedByBothBackends(DType dtype, boolean separate) {
        Graph graph = graph(new MlaMixer(CONFIG.withSeparateUp(separate)), dtype);
        Map<String, Tensor> inputs = Map.of(
                "x", RandomTensors.of(DType.F32, 1, Shape.of(1, 5, HIDDEN)),
                "position", Tensor.i64(Shape.of(1), 0),
                "latent", Tensor.zeros(DType.F32, Shape.of(1, 1, 8, 36)));
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = onnx.compile(graph, CompileOptions.DEFAULT)) {
            Compare.assertClose("layer", expected.run(inputs), actual.run(inputs), new Tolerance(1e-4, 1e-4));
        }
    }

    private static Graph graph(MlaMixer mixer, DType dtype) {
        GraphBuilder b = new GraphBuilder("layer");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(HIDDEN)));
        Value position = b.input("position", TensorType.of(DType.I64, Dim.of(1)));
        Value state = b.input("latent", TensorType.of(DType.F32, Dim.of(1), Dim.of(1), Dims.CONTEXT, Dim.of(36)));
        Map<String, Value> weights = new HashMap<>();
        for (ParameterSpec p : mixer.parameters()) {
            Shape shape = Shape.of(p.dims().stream().mapToLong(Long::longValue).toArray());
            boolean up = p.name().matches("(kv|k|v)_b_proj.weight");
            weights.put(p.name(), b.weight(p.name(), RandomTensors.of(up ? dtype : DType.F32, 7, shape)));
        }
        Parameters parameters = new Parameters() {
            @Override
            public Optional<Value> find(String name) {
                return Optional.ofNullable(weights.get(name));
            }

            @Override
            public Value get(String name) {
                return find(name).orElseThrow();
            }
        };
        Mixed mixed = mixer.mix(MixContext.of(b, parameters, position), Form.PARALLEL, x, List.of(state));
        b.result("y", mixed.y());
        b.nextState(state, "latent.next", mixed.state().getFirst());
        return b.build();
    }
}
