package org.attention4j.examples.general;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.MixerLaws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The mixer of the sample keeps the laws, and is a mean. */
class RunningMeanTest extends MixerLaws {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        ONNX.close();
    }

    @Override
    protected SequenceMixer mixer() {
        return new CustomMixer.RunningMean(hiddenSize());
    }

    @Override
    protected Backend backend() {
        return ONNX;
    }

    @Override
    protected int hiddenSize() {
        return 6;
    }

    /** Two tokens, (1, 2) and (3, −4), were seen before the two that are given. */
    @Test
    void tokensGetTheMeanOfAllSoFar() {
        GraphBuilder b = new GraphBuilder("mean");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(2)));
        Value sum = b.input("sum", TensorType.of(DType.F32, Dim.of(1), Dim.of(2)));
        Value position = b.input("position", TensorType.of(DType.I64, Dim.of(1)));
        MixContext context = MixContext.of(b, identities(b), position);
        SequenceMixer.Mixed mixed =
                new CustomMixer.RunningMean(2).mix(context, Form.PARALLEL, x, ImmutableList.of(sum));
        b.result("y", mixed.y());
        b.result("after", mixed.state().getFirst());
        try (CompiledGraph graph = ONNX.compile(b.build(), CompileOptions.DEFAULT)) {
            Map<String, Tensor> results = graph.run(ImmutableMap.of(
                    "x", Tensor.f32(Shape.of(1, 2, 2), 5, 8, 3, 6),
                    "sum", Tensor.f32(Shape.of(1, 2), 4, -2),
                    "position", Tensor.i64(Shape.of(1), 2)));
            assertArrayEquals(
                    new float[] {3, 2, 3, 3}, requireNonNull(results.get("y")).toFloatArray(), 1e-6f);
            assertArrayEquals(
                    new float[] {12, 12}, requireNonNull(results.get("after")).toFloatArray(), 1e-6f);
        }
    }

    private static Parameters identities(GraphBuilder b) {
        return new Parameters() {
            @Override
            public Optional<Value> find(String name) {
                return name.endsWith(".weight") ? Optional.of(get(name)) : Optional.empty();
            }

            @Override
            public Value get(String name) {
                return b.weight(name, Tensor.f32(Shape.of(2, 2), 1, 0, 0, 1));
            }
        };
    }
}
