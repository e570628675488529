package org.attention4j.tornado.moe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
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
import org.attention4j.core.ir.Value;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.moe.Gating;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Experts on weights of each type that is read as it is stored, and of one that is not: inherit it and give a backend. */
abstract class ExpertCases {
    private static final int EXPERTS = 5;
    private static final int TOP_K = 3;
    private static final int DIM = 256;
    private static final int HIDDEN = 256;

    /** The backend under test. */
    abstract Backend backend();

    private static Graph graph(DType dtype) {
        GraphBuilder b = new GraphBuilder("experts");
        Value x = b.input("x", TensorType.of(DType.F32, Dims.SEQ, Dim.of(DIM)));
        Value ids = b.input("ids", TensorType.of(DType.I64, Dims.SEQ, Dim.of(TOP_K)));
        Value weights = b.input("weights", TensorType.of(DType.F32, Dims.SEQ, Dim.of(TOP_K)));
        Value gateUp = b.constant("gate_up", RandomTensors.of(dtype, 1, Shape.of(EXPERTS, 2 * HIDDEN, DIM)));
        Value down = b.constant("down", RandomTensors.of(dtype, 2, Shape.of(EXPERTS, DIM, HIDDEN)));
        Experts op = new Experts(GateUp.CONCATENATED, new Gating.Glu(Activation.GELU_TANH), false);
        b.result("y", b.call(op, List.of(x, ids, weights, gateUp, down)).getFirst());
        return b.build();
    }

    private static Map<String, Tensor> inputs(int seq, int firstId, int pastIds) {
        return ImmutableMap.of(
                "x", RandomTensors.normal(seq, 0.05, Shape.of(seq, DIM)),
                "ids", RandomTensors.indices(seq, firstId, pastIds, Shape.of(seq, TOP_K)),
                "weights", RandomTensors.uniform(seq, 0, 1, Shape.of(seq, TOP_K)));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K", "Q5_0"})
    void everyTypeGivesWhatTheReferenceGives(DType dtype) {
        Graph graph = graph(dtype);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
            for (int seq : new int[] {1, 4, 0}) {
                Map<String, Tensor> in = inputs(seq, 0, EXPERTS);
                assertNear("%s, %d tokens".formatted(dtype, seq), expected.run(in), actual.run(in));
            }
        }
    }

    /** Sums of 256 products in float32, three times, where larger ones may cancel: as parts of the largest result. */
    private static void assertNear(String what, Map<String, Tensor> expected, Map<String, Tensor> actual) {
        double largest = 0;
        for (float y : expected.values().iterator().next().toFloatArray()) {
            largest = Math.max(largest, Math.abs(y));
        }
        Compare.assertClose(what, expected, actual, new Tolerance(2e-5 * largest, 0));
    }

    @Test
    void anExpertThatThereIsNotFailsTheRun() {
        try (CompiledGraph compiled = backend().compile(graph(DType.Q8_0), CompileOptions.DEFAULT)) {
            Map<String, Tensor> in = inputs(2, EXPERTS, EXPERTS + 1);
            BackendException e = assertThrows(BackendException.class, () -> compiled.run(in));
            assertTrue(String.valueOf(e.getMessage()).contains("experts"), e::toString);
        }
    }

    @Test
    void aTypeThatBecomesF32IsNoted() {
        try (CompiledGraph compiled = backend().compile(graph(DType.Q5_0), CompileOptions.DEFAULT)) {
            assertEquals(
                    "Q5_0 weights become F32 when they are loaded",
                    compiled.plan().choices().getFirst().note());
        }
    }
}
