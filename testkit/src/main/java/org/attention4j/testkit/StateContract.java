package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The part of {@link BackendContract} about states and about who owns which memory. */
abstract class StateContract extends ComputationContract {
    private static final Dim CONTEXT = Dim.symbol("context");
    private static final Dim THREE = Dim.of(3);
    private static final Map<String, Long> SIZES = Map.of("context", 8L);

    /**
     * A small recurrent model: {@code sum ← sum / 2 + x}, row {@code count} of {@code cache [context, 3]} ← x, and
     * {@code count ← count + 1}; {@code y} is the mean of the cache plus the old and the new sum.
     */
    private static Graph recurrent() {
        GraphBuilder b = new GraphBuilder("recurrent");
        Value x = b.input("x", TensorType.of(DType.F32, THREE));
        Value sum = b.input("sum", TensorType.of(DType.F32, THREE));
        Value cache = b.input("cache", TensorType.of(DType.F32, CONTEXT, THREE));
        Value count = b.input("count", TensorType.of(DType.I64));
        Value nextSum = b.add(b.mul(sum, 0.5), x);
        Value row = b.broadcast(b.reshape(count, Dim.of(1), Dim.of(1)), List.of(Dim.of(1), THREE));
        Value nextCache = b.scatterAdd(cache, row, b.reshape(x, Dim.of(1), THREE), 0);
        b.result("y", b.add(b.add(b.reduce(ReduceKind.MEAN, nextCache, false, 0), sum), nextSum));
        b.nextState(sum, "sum.next", nextSum);
        b.nextState(cache, "cache.next", nextCache);
        b.nextState(count, "count.next", b.add(count, 1));
        return b.build();
    }

    private static Map<String, Tensor> token(long seed) {
        return Map.of("x", RandomTensors.of(DType.F32, seed, Shape.of(3)));
    }

    private static Tensor get(Map<String, Tensor> results, String name) {
        return Optional.ofNullable(results.get(name)).orElseThrow(() -> new AssertionError("no result " + name));
    }

    private static Tensor copy(Tensor t) {
        Tensor copy = Tensor.zeros(t.dtype(), t.shape());
        copy.copyFrom(t);
        return copy;
    }

    /** The y of each of the first tokens, by the reference backend. */
    private static List<Tensor> expectedSteps(long firstSeed, int tokens) {
        try (var reference = reference();
                CompiledGraph compiled = reference.compile(recurrent(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(SIZES)) {
            return steps(execution, firstSeed, tokens);
        }
    }

    private static List<Tensor> steps(Execution execution, long firstSeed, int tokens) {
        List<Tensor> y = new ArrayList<>();
        for (int i = 0; i < tokens; i++) {
            y.add(copy(get(execution.run(token(firstSeed + i)), "y")));
        }
        return y;
    }

    private void assertClose(List<Tensor> expected, List<Tensor> actual) {
        for (int i = 0; i < expected.size(); i++) {
            Compare.assertClose("step " + i, expected.get(i), actual.get(i), tolerance());
        }
    }

    @Test
    void statesStartAtZeroAndCarryFromRunToRun() {
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(SIZES)) {
            assertEquals(0, execution.readState("count").getLong(0));
            assertClose(expectedSteps(1, 5), steps(execution, 1, 5));
            assertEquals(5, execution.readState("count").getLong(0));
            assertEquals(Shape.of(8, 3), execution.readState("cache").shape());
        }
    }

    @Test
    void onlyOtherResultsAreReturned() {
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(SIZES)) {
            assertEquals(List.of("y"), List.copyOf(execution.run(token(1)).keySet()));
        }
    }

    @Test
    void reusedInputBuffersDoNoHarm() {
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(SIZES)) {
            Tensor x = Tensor.zeros(DType.F32, Shape.of(3));
            List<Tensor> actual = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                x.copyFrom(get(token(1 + i), "x"));
                Tensor y = get(execution.run(Map.of("x", x)), "y");
                x.data().fill((byte) 0x7f);
                actual.add(copy(y));
            }
            assertClose(expectedSteps(1, 4), actual);
        }
    }

    @Test
    void executionsOfOneGraphAreIndependent() {
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT);
                Execution a = compiled.newExecution(SIZES);
                Execution b = compiled.newExecution(SIZES)) {
            List<Tensor> fromA = new ArrayList<>();
            List<Tensor> fromB = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Tensor y = get(a.run(token(1 + i)), "y");
                fromB.addAll(steps(b, 50 + i, 1));
                fromA.add(copy(y));
            }
            assertClose(expectedSteps(1, 3), fromA);
            assertClose(expectedSteps(50, 3), fromB);
        }
    }

    @Test
    void executionsOfOneGraphRunAtOnce() throws InterruptedException, ExecutionException {
        int threads = 4;
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<List<Tensor>>> runs = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                long seed = 100L * i;
                runs.add(pool.submit(() -> {
                    try (Execution execution = compiled.newExecution(SIZES)) {
                        return steps(execution, seed, 8);
                    }
                }));
            }
            for (int i = 0; i < threads; i++) {
                assertClose(expectedSteps(100L * i, 8), runs.get(i).get());
            }
        }
    }

    @Test
    void aStateThatIsReadAndWrittenContinuesElsewhere() {
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT);
                Execution a = compiled.newExecution(SIZES);
                Execution b = compiled.newExecution(SIZES)) {
            List<Tensor> actual = new ArrayList<>(steps(a, 1, 3));
            for (String state : List.of("sum", "cache", "count")) {
                Tensor value = a.readState(state);
                b.writeState(state, value);
                Compare.assertClose(state, value, b.readState(state), Tolerance.EXACT);
                value.data().fill((byte) 0x7f);
            }
            a.run(token(77));
            actual.addAll(steps(b, 4, 3));
            assertClose(expectedSteps(1, 6), actual);
        }
    }

    @Test
    void aStateThatWasReadIsACopy() {
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(SIZES)) {
            execution.run(token(1));
            Tensor read = execution.readState("sum");
            Tensor before = copy(read);
            execution.run(token(2));
            Compare.assertClose("the state after one run", before, read, Tolerance.EXACT);
        }
    }

    @Test
    void statesMaySwapStayAndBeResults() {
        GraphBuilder b = new GraphBuilder("swap");
        TensorType type = TensorType.of(DType.F32, THREE);
        Value left = b.input("left", type);
        Value right = b.input("right", type);
        Value same = b.input("same", type);
        Value sum = b.input("sum", type);
        Value next = b.add(sum, left);
        b.nextState(left, "left.next", right);
        b.nextState(right, "right.next", left);
        b.nextState(same, "same.next", same);
        b.nextState(sum, "sum.next", next);
        b.result("y", next);
        b.result("old", sum);
        try (CompiledGraph compiled = backend().compile(b.build(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(Map.of())) {
            execution.writeState("left", Tensor.f32(Shape.of(3), 1, 2, 3));
            execution.writeState("right", Tensor.f32(Shape.of(3), 10, 20, 30));
            execution.writeState("same", Tensor.f32(Shape.of(3), 7, 8, 9));
            execution.run(Map.of());
            execution.run(Map.of());
            Map<String, Tensor> results = execution.run(Map.of());
            Compare.assertClose("y", Tensor.f32(Shape.of(3), 12, 24, 36), get(results, "y"), Tolerance.EXACT);
            Compare.assertClose("old", Tensor.f32(Shape.of(3), 11, 22, 33), get(results, "old"), Tolerance.EXACT);
            Compare.assertClose(
                    "left", Tensor.f32(Shape.of(3), 10, 20, 30), execution.readState("left"), Tolerance.EXACT);
            Compare.assertClose(
                    "right", Tensor.f32(Shape.of(3), 1, 2, 3), execution.readState("right"), Tolerance.EXACT);
            Compare.assertClose("same", Tensor.f32(Shape.of(3), 7, 8, 9), execution.readState("same"), Tolerance.EXACT);
        }
    }

    @Test
    void aRunWithoutAnExecutionTakesAndGivesTheStates() {
        Map<String, Tensor> inputs = ImmutableMap.<String, Tensor>builder()
                .putAll(token(1))
                .put("sum", RandomTensors.of(DType.F32, 2, Shape.of(3)))
                .put("cache", RandomTensors.of(DType.F32, 3, Shape.of(5, 3)))
                .put("count", Tensor.scalar(4L))
                .buildOrThrow();
        Map<String, Tensor> before = new LinkedHashMap<>();
        inputs.forEach((name, t) -> before.put(name, copy(t)));
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT)) {
            Map<String, Tensor> results = compiled.run(inputs);
            compiled.run(ImmutableMap.<String, Tensor>builder()
                    .putAll(inputs)
                    .put("x", Tensor.zeros(DType.F32, Shape.of(3)))
                    .buildKeepingLast());
            Compare.assertClose("the first run", expected(recurrent(), inputs), results, tolerance());
            Compare.assertClose("the inputs", before, inputs, Tolerance.EXACT);
        }
    }

    @Test
    void statesNeedTheirSizes() {
        try (CompiledGraph compiled = backend().compile(recurrent(), CompileOptions.DEFAULT)) {
            assertMessage(
                    assertThrows(IllegalArgumentException.class, () -> compiled.newExecution(Map.of("seq", 3L))),
                    "recurrent",
                    "cache",
                    "context");
        }
    }
}
