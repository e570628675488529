package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * What every backend must keep; inherit it to test one. Graphs compute what the reference backend computes: arithmetic on F32
 * and I64, logic on BOOL, casts between all plain dtypes, movement of F32, F16, I64 and BOOL, blocks of every quantised
 * dtype, loops, and composites that the backend has no lowering for; each compiled once and run in several sizes, 0 among
 * them. States belong to their execution. The plan that a backend tells without compiling is that of
 * the compiled graph. Wrong input is answered by one line that says what was expected.
 */
public abstract class BackendContract extends StateContract {
    /** {@code y = x + bias} with a state that counts the runs. */
    private static Graph small() {
        GraphBuilder b = new GraphBuilder("small");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.symbol("seq"), Dim.of(3)));
        Value bias = b.input("bias", TensorType.of(DType.F32, Dim.symbol("seq")));
        Value runs = b.input("runs", TensorType.of(DType.I64, Dim.of(2)));
        b.result("y", b.add(x, b.unsqueeze(bias, -1)));
        b.nextState(runs, "runs.next", b.add(runs, 1));
        return b.build();
    }

    private static Tensor zeros(long... dims) {
        return Tensor.zeros(DType.F32, Shape.of(dims));
    }

    private static void assertRefused(Execution execution, Map<String, Tensor> inputs, String... parts) {
        assertMessage(assertThrows(IllegalArgumentException.class, () -> execution.run(inputs)), parts);
        assertEquals(0, execution.readState("runs").getLong(0), "a refused run changes no state");
    }

    @Test
    void wrongInputsAreNamed() {
        try (CompiledGraph compiled = backend().compile(small(), CompileOptions.DEFAULT);
                Execution e = compiled.newExecution(Map.of())) {
            Tensor bias = zeros(2);
            assertRefused(e, Map.of("bias", bias), "small", "x", "F32[seq, 3]");
            assertRefused(e, Map.of("x", zeros(2, 3), "bias", bias, "z", bias), "small", "z", "x, bias");
            assertRefused(e, Map.of("x", zeros(2, 3), "bias", bias, "runs", bias), "small", "runs");
            assertRefused(e, Map.of("x", zeros(2, 4), "bias", bias), "x", "F32[2, 4]", "F32[seq, 3]");
            assertRefused(e, Map.of("x", zeros(6), "bias", bias), "x", "F32[6]", "F32[seq, 3]");
            assertRefused(e, Map.of("x", zeros(5, 3), "bias", bias), "bias", "seq", "2", "5");
            Tensor integers = Tensor.zeros(DType.I64, Shape.of(2, 3));
            assertRefused(e, Map.of("x", integers, "bias", bias), "x", "I64[2, 3]", "F32[seq, 3]");
        }
    }

    @Test
    void aStatelessRunNeedsTheStates() {
        try (CompiledGraph compiled = backend().compile(small(), CompileOptions.DEFAULT)) {
            Map<String, Tensor> inputs = Map.of("x", zeros(2, 3), "bias", zeros(2));
            assertMessage(assertThrows(IllegalArgumentException.class, () -> compiled.run(inputs)), "runs", "I64[2]");
        }
    }

    @Test
    void wrongStatesAreNamed() {
        try (CompiledGraph compiled = backend().compile(small(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(Map.of())) {
            Tensor three = Tensor.i64(Shape.of(3), 1, 2, 3);
            assertMessage(
                    assertThrows(IllegalArgumentException.class, () -> execution.writeState("runs", three)),
                    "runs",
                    "I64[3]",
                    "I64[2]");
            assertMessage(
                    assertThrows(IllegalArgumentException.class, () -> execution.writeState("x", three)), "x", "runs");
            assertMessage(
                    assertThrows(IllegalArgumentException.class, () -> execution.readState("nothing")), "nothing");
        }
    }

    @Test
    void anIndexOutOfRangeFailsTheRun() {
        GraphBuilder b = new GraphBuilder("lookup");
        Value index = b.input("index", TensorType.of(DType.I64, Dim.of(1)));
        b.result("row", b.gather(b.constant("table", zeros(4, 3)), index, 0));
        try (CompiledGraph compiled = backend().compile(b.build(), CompileOptions.DEFAULT)) {
            Map<String, Tensor> inputs = Map.of("index", Tensor.i64(Shape.of(1), 4));
            assertMessage(assertThrows(BackendException.class, () -> compiled.run(inputs)), "lookup");
        }
    }

    @Test
    void integerDivisionByZeroFailsTheRun() {
        GraphBuilder b = new GraphBuilder("division");
        Value x = b.input("x", TensorType.of(DType.I64, Dim.of(2)));
        b.result("y", b.div(b.scalar(DType.I64, 1), x));
        try (CompiledGraph compiled = backend().compile(b.build(), CompileOptions.DEFAULT)) {
            Map<String, Tensor> inputs = Map.of("x", Tensor.i64(Shape.of(2), 1, 0));
            assertMessage(assertThrows(BackendException.class, () -> compiled.run(inputs)), "division");
        }
    }

    @Test
    void thePlanTellsOfEveryComposite() {
        GraphBuilder b = new GraphBuilder("plan");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(2), Dim.of(3)));
        b.result("y", b.apply(new ScanCases.Centered(), x));
        Graph graph = b.build();
        try (CompiledGraph compiled = backend().compile(graph, CompileOptions.DEFAULT)) {
            Plan plan = compiled.plan();
            assertEquals(backend().name(), plan.backend());
            assertEquals(backend().device().id(), plan.device());
            assertEquals(
                    List.of("contract_centered decomposed", "contract_row_mean decomposed"),
                    plan.choices().stream()
                            .map(c -> c.op() + " " + c.lowering())
                            .toList());
            assertEquals(plan, backend().plan(graph, CompileOptions.DEFAULT), "the plan without compiling");
            assertEquals(graph, compiled.graph());
        }
    }

    @Test
    void aPinnedLoweringMustExist() {
        GraphBuilder b = new GraphBuilder("pinned");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(2), Dim.of(3)));
        b.result("y", b.apply(new ScanCases.Centered(), x));
        Graph graph = b.build();
        Backend backend = backend();
        CompileOptions unknown = new CompileOptions(Map.of("contract_centered", "no_such_lowering"));
        assertMessage(
                assertThrows(BackendException.class, () -> backend.compile(graph, unknown)),
                "contract_centered",
                "no_such_lowering");
        assertMessage(
                assertThrows(BackendException.class, () -> backend.plan(graph, unknown)),
                "contract_centered",
                "no_such_lowering");
        CompileOptions none = new CompileOptions(Map.of("contract_centered", Plan.DECOMPOSED));
        try (CompiledGraph compiled = backend.compile(graph, none)) {
            assertEquals(compiled.plan(), backend.plan(graph, none), "the plan without compiling");
        }
    }

    @Test
    void whatIsClosedRunsNoMore() {
        Map<String, Tensor> inputs = Map.of("x", zeros(2, 3), "bias", zeros(2));
        CompiledGraph compiled = backend().compile(small(), CompileOptions.DEFAULT);
        Execution execution = compiled.newExecution(Map.of());
        execution.run(inputs);
        execution.close();
        assertThrows(IllegalStateException.class, () -> execution.run(inputs));
        assertThrows(IllegalStateException.class, () -> execution.readState("runs"));
        compiled.close();
        Map<String, Tensor> all = Map.of("x", zeros(2, 3), "bias", zeros(2), "runs", Tensor.i64(Shape.of(2), 0, 0));
        assertThrows(IllegalStateException.class, () -> compiled.run(all));
        execution.close();
        compiled.close();
    }
}
