package org.attention4j.onnx.mla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.mla.LatentAttention;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;

/** Latent attention with its cache as a state. That it keeps the laws of mixers is tested elsewhere. */
class LatentProductsTest {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);
    private static final int HEADS = 3;
    private static final int RANK = 8;
    private static final int ROPE_DIM = 4;
    private static final int KEPT = RANK + ROPE_DIM;
    private static final int CONTEXT = 300;
    private static final AttentionSpec SPEC =
            AttentionSpec.causal(HEADS, HEADS, 10).withValueDim(5).withScale(0.3);

    /** As many layers as there are names. */
    private static Graph graph(Dim batch, AttentionSpec spec, String... layers) {
        GraphBuilder b = new GraphBuilder("latent");
        Value position = b.input("position", TensorType.of(DType.I64, batch));
        Value query = b.input("query", TensorType.of(DType.F32, batch, Dims.SEQ, Dim.of(HEADS), Dim.of(10)));
        Value latent = b.input("latent", TensorType.of(DType.F32, batch, Dims.SEQ, Dim.of(1), Dim.of(KEPT)));
        Value keyUp = b.weight("key_up", RandomTensors.of(DType.F32, 1, Shape.of(HEADS, 6, RANK)));
        Value valueUp = b.weight("value_up", RandomTensors.of(DType.F32, 2, Shape.of(HEADS, 5, RANK)));
        for (String layer : layers) {
            Value past = b.input(layer, TensorType.of(DType.F32, batch, Dim.of(1), Dims.CONTEXT, Dim.of(KEPT)));
            List<Value> out = b.call(
                    new LatentAttention(spec, RANK, ROPE_DIM, false),
                    List.of(query, latent, past, position, keyUp, valueUp));
            b.result("y." + layer, out.get(0));
            b.nextState(past, layer + ".next", out.get(1));
        }
        return b.build();
    }

    private static Map<String, Tensor> tokens(int position, int count) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("position", Tensor.i64(Shape.of(1), position));
        inputs.put("query", RandomTensors.of(DType.F32, position, Shape.of(1, count, HEADS, 10)));
        inputs.put("latent", RandomTensors.of(DType.F32, 1000 + position, Shape.of(1, count, 1, KEPT)));
        return inputs;
    }

    private static List<Tensor> run(Execution execution, int... counts) {
        List<Tensor> results = new ArrayList<>();
        int position = 0;
        for (int count : counts) {
            Tensor y = Optional.ofNullable(
                            execution.run(tokens(position, count)).get("y.first"))
                    .orElseThrow();
            Tensor copy = Tensor.zeros(y.dtype(), y.shape());
            copy.copyFrom(y);
            results.add(copy);
            position += count;
        }
        return results;
    }

    @Test
    void aCacheThatKeepsAllTokensIsReadWhereItLies() {
        try (CompiledGraph compiled = ONNX.compile(graph(Dim.of(1), SPEC, "first"), CompileOptions.DEFAULT)) {
            assertEquals(
                    List.of("latent_attention absorbed", "cached_attention latent_products"),
                    compiled.plan().choices().stream()
                            .map(c -> c.op() + " " + c.lowering())
                            .toList());
        }
    }

    @Test
    void softcapsTakeTheGeneralWay() {
        AttentionSpec capped = SPEC.withSoftcap(5);
        try (CompiledGraph compiled = ONNX.compile(graph(Dim.of(1), capped, "first"), CompileOptions.DEFAULT)) {
            Plan.Choice attention = compiled.plan().choices().stream()
                    .filter(c -> c.op().equals("cached_attention"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("write_first", attention.lowering());
            assertTrue(
                    attention
                            .refusals()
                            .contains(new Plan.Refusal("latent_products", "it attends to all tokens, without softcap")),
                    attention.toString());
        }
    }

    /** The runs end in several of the sizes to which the cache is cut, and in all of it. */
    @Test
    void runsOfAnyLengthGiveWhatTheReferenceGives() {
        Graph graph = graph(Dim.of(1), SPEC, "first", "second");
        int[] counts = {5, 1, 57, 1, 1, 63, 100, 1, 27, 44};
        try (CompiledGraph expected = REFERENCE.compile(graph, CompileOptions.DEFAULT);
                Execution one = expected.newExecution(Map.of("context", (long) CONTEXT));
                CompiledGraph actual = ONNX.compile(graph, CompileOptions.DEFAULT);
                Execution other = actual.newExecution(Map.of("context", (long) CONTEXT))) {
            List<Tensor> a = run(one, counts);
            List<Tensor> b = run(other, counts);
            for (int i = 0; i < counts.length; i++) {
                Compare.assertClose("run " + i, a.get(i), b.get(i), new Tolerance(1e-5, 1e-5));
            }
            for (String state : List.of("first", "second")) {
                Compare.assertClose(state, one.readState(state), other.readState(state), Tolerance.EXACT);
            }
        }
    }

    @Test
    void slotsBeyondTheTokensAreNotRead() {
        Tensor unread = Tensor.zeros(DType.F32, Shape.of(1, 1, CONTEXT, KEPT));
        for (long i = 64L * KEPT; i < unread.shape().elements(); i++) {
            unread.setDouble(i, Double.NaN);
        }
        try (CompiledGraph compiled = ONNX.compile(graph(Dim.of(1), SPEC, "first"), CompileOptions.DEFAULT);
                Execution clean = compiled.newExecution(Map.of("context", (long) CONTEXT));
                Execution filled = compiled.newExecution(Map.of("context", (long) CONTEXT))) {
            filled.writeState("first", unread);
            List<Tensor> a = run(clean, 40, 1, 23);
            List<Tensor> b = run(filled, 40, 1, 23);
            for (int i = 0; i < a.size(); i++) {
                Compare.assertClose("run " + i, a.get(i), b.get(i), Tolerance.EXACT);
            }
        }
    }
}
