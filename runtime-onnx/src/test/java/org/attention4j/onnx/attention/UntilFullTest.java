package org.attention4j.onnx.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;

class UntilFullTest {
    private static final int SLOTS = 9;
    private static final int WINDOW = 6;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int DIM = 8;

    /** Runs in which the operator is taken, then the ring for single tokens, both for longer ones, and the ring alone. */
    private static final int[] RUNS = {1, 2, 1, 1, 3, 1, 1, 2, 4, 1, 1, 4, 3, 1, 1, 1};

    @Test
    void computesTheSameBeforeAndAfter() {
        check(AttentionSpec.causal(HEADS, KV_HEADS, DIM).withWindow(WINDOW), Set.of());
    }

    @Test
    void softcapAndSinkLogitsToo() {
        AttentionSpec spec = AttentionSpec.causal(HEADS, KV_HEADS, DIM)
                .withWindow(WINDOW)
                .withScale(0.7)
                .withSoftcap(2);
        check(spec, Set.of(AttentionInput.SINK_LOGITS));
    }

    private static void check(AttentionSpec spec, Set<AttentionInput> extras) {
        Graph graph = graph(spec, extras);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = onnx.compile(graph, CompileOptions.DEFAULT);
                Execution expectedRuns = expected.newExecution(Map.of());
                Execution actualRuns = actual.newExecution(Map.of())) {
            assertEquals(
                    "group_query_attention_until_full",
                    actual.plan().choices().getFirst().lowering());
            int position = 0;
            for (int i = 0; i < RUNS.length; i++) {
                Map<String, Tensor> inputs = inputs(RUNS[i], i, position);
                position += RUNS[i];
                String what = "run %d, %d tokens in all".formatted(i, position);
                Compare.assertClose(what, expectedRuns.run(inputs), actualRuns.run(inputs), new Tolerance(2e-6, 2e-5));
            }
            Compare.assertClose(
                    "keys", expectedRuns.readState("past_key"), actualRuns.readState("past_key"), Tolerance.EXACT);
        }
    }

    private static Map<String, Tensor> inputs(int tokens, long seed, int position) {
        Shape keys = Shape.of(1, tokens, KV_HEADS, DIM);
        return Map.of(
                "query", RandomTensors.normal(3 * seed, 1, Shape.of(1, tokens, HEADS, DIM)),
                "key", RandomTensors.normal(3 * seed + 1, 1, keys),
                "value", RandomTensors.normal(3 * seed + 2, 1, keys),
                "position", Tensor.i64(Shape.of(1), position));
    }

    private static Graph graph(AttentionSpec spec, Set<AttentionInput> extras) {
        GraphBuilder b = new GraphBuilder("ring");
        Dim one = Dim.of(1);
        Dim kv = Dim.of(KV_HEADS);
        Dim dim = Dim.of(DIM);
        TensorType fresh = TensorType.of(DType.F32, one, Dims.SEQ, kv, dim);
        TensorType cache = TensorType.of(DType.F32, one, kv, Dim.of(SLOTS), dim);
        List<Value> inputs = new ArrayList<>(List.of(
                b.input("query", TensorType.of(DType.F32, one, Dims.SEQ, Dim.of(HEADS), dim)),
                b.input("key", fresh),
                b.input("value", fresh),
                b.input("past_key", cache),
                b.input("past_value", cache),
                b.input("position", TensorType.of(DType.I64, one))));
        if (extras.contains(AttentionInput.SINK_LOGITS)) {
            inputs.add(b.weight("sinks", Tensor.f32(Shape.of(HEADS), 0.5f, -1, 2, 0)));
        }
        List<Value> out = b.call(new CachedAttention(spec, new Retention.Window(WINDOW), extras), inputs);
        b.result("y", out.get(0));
        b.nextState(inputs.get(3), "next_key", out.get(1));
        b.nextState(inputs.get(4), "next_value", out.get(2));
        return b.build();
    }
}
