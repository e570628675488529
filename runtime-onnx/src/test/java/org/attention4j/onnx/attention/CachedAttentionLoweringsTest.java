package org.attention4j.onnx.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Plan;
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
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Which lowering attention over a cache gets. What they compute is held to the laws of mixers elsewhere. */
class CachedAttentionLoweringsTest {
    private static final Backend BACKEND = Backends.create("onnx", BackendOptions.DEFAULT);
    private static final Storage STORAGE = new Storage(4, 3);
    private static final Retention ALL = new Retention.All();

    @Test
    void oneSequenceWithAnUnlimitedCacheTakesTheOperator() {
        assertEquals(Map.of("cached_attention", "group_query_attention"), choices(AttentionSpec.causal(4, 2, 8), ALL));
    }

    @Test
    void aRingTakesTheOperatorUntilItIsFull() {
        assertEquals(
                Map.of("cached_attention", "group_query_attention_until_full"),
                choices(AttentionSpec.causal(4, 2, 8).withWindow(5), new Retention.Window(5)));
    }

    @Test
    void aRingOfHeadsThatTheOperatorRefusesIsWrittenFirst() {
        assertEquals(
                Map.of("cached_attention", "write_first", "kv_write", "tensor_scatter"),
                choices(AttentionSpec.causal(4, 2, 6).withWindow(5), new Retention.Window(5)));
    }

    @Test
    void aRingBehindSinksIsWrittenByIndex() {
        assertEquals(
                Map.of("cached_attention", "write_first", "kv_write", "scatter_elements"),
                choices(AttentionSpec.causal(4, 2, 8).withSinks(2, 5), new Retention.SinksAndWindow(2, 4)));
    }

    @Test
    void headsThatTheOperatorRefusesAreWrittenFirst() {
        assertEquals(
                Map.of("cached_attention", "write_first", "kv_write", "tensor_scatter"),
                choices(AttentionSpec.causal(3, 3, 6), ALL));
    }

    @Test
    void refusalsAreInThePlan() {
        Plan plan = plan(AttentionSpec.causal(3, 3, 6), ALL);
        assertEquals(
                List.of(
                        new Plan.Refusal("group_query_attention", "headDim 6 and valueDim 6 are not one multiple of 8"),
                        new Plan.Refusal("group_query_attention_until_full", "it is for rings"),
                        new Plan.Refusal("latent_products", "it is for one key/value head with values in its keys")),
                plan.choices().getFirst().refusals());
    }

    @Test
    void aRunThatWouldOverwriteWhatItSeesIsRefused() {
        Retention ring = new Retention.Window(5);
        Graph graph = graph(AttentionSpec.causal(1, 1, 8).withWindow(5), ring);
        try (CompiledGraph compiled = BACKEND.compile(graph, CompileOptions.DEFAULT)) {
            Tensor fresh = Tensor.zeros(DType.F32, Shape.of(1, 5, 1, 8));
            Tensor cache = Tensor.zeros(DType.F32, Shape.of(1, 1, 8, 8));
            BackendException e = assertThrows(
                    BackendException.class,
                    () -> compiled.run(Map.of(
                            "query", fresh,
                            "key", fresh,
                            "value", fresh,
                            "past_key", cache,
                            "past_value", cache,
                            "position", Tensor.i64(Shape.of(1), 0))));
            assertEquals(
                    "graph attention: seq is 5, expected at most 4: a longer run would overwrite tokens that it still"
                            + " sees; give it in pieces",
                    e.getMessage());
        }
    }

    private static Map<String, String> choices(AttentionSpec spec, Retention retention) {
        return plan(spec, retention).choices().stream()
                .collect(Collectors.toMap(Plan.Choice::op, Plan.Choice::lowering, (a, b) -> a));
    }

    private static Plan plan(AttentionSpec spec, Retention retention) {
        try (CompiledGraph compiled = BACKEND.compile(graph(spec, retention), CompileOptions.DEFAULT)) {
            return compiled.plan();
        }
    }

    private static Graph graph(AttentionSpec spec, Retention retention) {
        GraphBuilder b = new GraphBuilder("attention");
        Dim one = Dim.of(1);
        Dim heads = Dim.of(spec.numHeads());
        Dim kv = Dim.of(spec.numKvHeads());
        Dim dim = Dim.of(spec.headDim());
        TensorType fresh = TensorType.of(DType.F32, one, Dims.SEQ, kv, dim);
        TensorType cache = TensorType.of(DType.F32, one, kv, retention.capacity(STORAGE), dim);
        List<Value> inputs = List.of(
                b.input("query", TensorType.of(DType.F32, one, Dims.SEQ, heads, dim)),
                b.input("key", fresh),
                b.input("value", fresh),
                b.input("past_key", cache),
                b.input("past_value", cache),
                b.input("position", TensorType.of(DType.I64, one)));
        List<Value> out = b.call(new CachedAttention(spec, retention, EnumSet.noneOf(AttentionInput.class)), inputs);
        b.result("y", out.get(0));
        b.nextState(inputs.get(3), "next_key", out.get(1));
        b.nextState(inputs.get(4), "next_value", out.get(2));
        return b.build();
    }
}
