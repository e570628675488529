package org.attention4j.onnx.custom;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.attention4j.x86.Processor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The operator in ONNX Runtime's sessions: lifetimes, threads, and errors that native code must not see as exceptions. */
final class CustomOpsTest {
    private static final int COLUMNS = 256;
    private static final Tolerance SAME = new Tolerance(0, 0);
    private static final CompileOptions GENERATED = new CompileOptions(Map.of("linear", "generated_product"));

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    private static Graph graph(int seed) {
        GraphBuilder b = new GraphBuilder("product");
        var x = b.input("x", TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(COLUMNS)));
        var w = b.weight("w", RandomTensors.of(DType.Q8_0, seed, Shape.of(100, COLUMNS)));
        b.weight("ballast", Tensor.zeros(DType.Q4_0, Shape.of(1 << 10, 1 << 14)));
        b.result("y", b.apply(new Linear(false), x, w));
        return b.build();
    }

    private static Map<String, Tensor> input(int tokens) {
        return Map.of("x", RandomTensors.of(DType.F32, tokens, Shape.of(1, tokens, COLUMNS)));
    }

    private static Tensor run(CompiledGraph graph, int tokens) {
        return requireNonNull(graph.run(input(tokens)).get("y"));
    }

    @Test
    void sessionsHaveWeightsOfTheirOwn() {
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT)) {
            Tensor second;
            try (CompiledGraph other = onnx.compile(graph(2), GENERATED)) {
                second = run(other, 3);
                try (CompiledGraph one = onnx.compile(graph(1), GENERATED)) {
                    run(one, 3);
                }
                Compare.assertClose("after another session was closed", second, run(other, 3), SAME);
            }
            try (CompiledGraph again = onnx.compile(graph(2), GENERATED)) {
                Compare.assertClose("in a session made later", second, run(again, 3), SAME);
            }
        }
    }

    /** Runs share a session's weights and nothing else. */
    @Test
    void runsAtTheSameTimeDontMeet() throws Exception {
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                CompiledGraph graph = onnx.compile(graph(1), GENERATED);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Tensor> alone = IntStream.range(1, 40)
                    .mapToObj(tokens -> run(graph, tokens))
                    .toList();
            List<Callable<Tensor>> runs = IntStream.range(1, 40)
                    .<Callable<Tensor>>mapToObj(tokens -> () -> run(graph, tokens))
                    .toList();
            List<Future<Tensor>> together = threads.invokeAll(runs);
            for (int i = 0; i < alone.size(); i++) {
                Compare.assertClose("run " + i, alone.get(i), together.get(i).get(), SAME);
            }
        }
    }

    @Test
    void weightsThatAreGoneAreAnError() {
        CustomWeights customWeights = new CustomWeights(1);
        long number = customWeights.matrices(List.of(RandomTensors.of(DType.Q8_0, 1, Shape.of(16, 32))));
        assertTrue(CustomWeights.PRODUCTS.has(number));
        customWeights.close();
        assertFalse(CustomWeights.PRODUCTS.has(number));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> CustomWeights.PRODUCTS.get(number));
        assertEquals("nothing has the number %d".formatted(number), e.getMessage());
        assertTrue(customWeights.isEmpty());
    }

    @Test
    void plansSayWhyItIsNotTaken() {
        GraphBuilder b = new GraphBuilder("other_type");
        var x = b.input("x", TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(COLUMNS)));
        var w = b.weight("w", RandomTensors.of(DType.Q6_K, 1, Shape.of(100, COLUMNS)));
        b.result("y", b.apply(new Linear(false), x, w));
        Graph graph = b.build();
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT)) {
            assertTrue(onnx.plan(graph, CompileOptions.DEFAULT).toString().contains("Q6_K, not one of [Q8_0, Q4_0]"));
            BackendException e = assertThrows(BackendException.class, () -> onnx.plan(graph, GENERATED));
            assertTrue(String.valueOf(e.getMessage()).contains("generated_product"), e.getMessage());
        }
    }

    private static Graph table(DType dtype) {
        GraphBuilder b = new GraphBuilder("table");
        var ids = b.input("ids", TensorType.of(DType.I64, Dims.BATCH, Dims.SEQ));
        var table = b.weight("table", RandomTensors.of(dtype, 3, Shape.of(1000, COLUMNS)));
        b.weight("ballast", Tensor.zeros(DType.Q4_0, Shape.of(1 << 10, 1 << 14)));
        b.result("y", b.apply(new Embedding(), ids, table));
        return b.build();
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q8_0", "Q4_0", "Q6_K", "IQ4_XS"})
    void rowsAreThoseOfTheTable(DType dtype) {
        Map<String, Tensor> ids = Map.of("ids", Tensor.i64(Shape.of(2, 3), 0, 999, 5, 5, 17, 500));
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(table(dtype), CompileOptions.DEFAULT);
                CompiledGraph actual = onnx.compile(table(dtype), CompileOptions.DEFAULT)) {
            assertTrue(
                    actual.plan().toString().contains("rows_of_blocks"),
                    actual.plan().toString());
            Compare.assertClose("rows", expected.run(ids), actual.run(ids), SAME);
        }
    }

    @Test
    void rowsThatThereAreNotAreAnError() {
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                CompiledGraph graph = onnx.compile(table(DType.Q8_0), CompileOptions.DEFAULT)) {
            for (long id : new long[] {-1, 1000}) {
                BackendException e = assertThrows(
                        BackendException.class, () -> graph.run(Map.of("ids", Tensor.i64(Shape.of(1, 1), id))));
                assertTrue(
                        String.valueOf(e.getMessage()).contains("the id is %d, expected 0 to 999".formatted(id)),
                        e.getMessage());
            }
        }
    }

    @Test
    void emptyRunsAreEmpty() {
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                CompiledGraph graph = onnx.compile(graph(1), GENERATED)) {
            assertEquals(Shape.of(1, 0, 100), run(graph, 0).shape());
        }
    }
}
