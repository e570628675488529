package org.attention4j.tornado.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers on weights of each type that is read as it is stored, and of one that is not: inherit it and give a backend. */
abstract class LinearProductsCases {
    private static final int INNER = 512;
    private static final Dim SEQ = Dim.symbol("seq");

    /** Sums of 512 products in float32, one after the other; the terms of those of K-quants are in the hundreds. */
    private static final Tolerance TOLERANCE = new Tolerance(5e-4, 1e-4);

    /** The backend under test. */
    abstract Backend backend();

    /** A gated layer with a residual; and rows of a table with a product on the same table. */
    private static Graph graph(DType dtype) {
        GraphBuilder b = new GraphBuilder("linear");
        Value x = b.input("x", TensorType.of(DType.F32, SEQ, Dim.of(INNER)));
        Value ids = b.input("ids", TensorType.of(DType.I64, SEQ));
        Value gate = b.apply(new Linear(true), x, weight(b, dtype, "gate", 40), bias(b));
        Value up = b.apply(new Linear(false), x, weight(b, dtype, "up", 40));
        Value both = b.mul(b.apply(new Activate(Activation.GELU_TANH), gate), up);
        b.result("gated", b.add(both, b.slice(x, 1, 0, 40)));
        Value table = weight(b, dtype, "table", 7);
        b.result("rows", b.apply(new Embedding(), ids, table));
        b.result("scores", b.apply(new Linear(false), x, table));
        return b.build();
    }

    private static Value weight(GraphBuilder b, DType dtype, String name, long rows) {
        return b.constant(name, RandomTensors.of(dtype, name.hashCode(), Shape.of(rows, INNER)));
    }

    private static Value bias(GraphBuilder b) {
        return b.constant("bias", RandomTensors.of(DType.F32, 5, Shape.of(40)));
    }

    private static Map<String, Tensor> inputs(long seq) {
        return ImmutableMap.of(
                "x", RandomTensors.normal(seq, 0.05, Shape.of(seq, INNER)),
                "ids", RandomTensors.indices(seq, 0, 7, Shape.of(seq)));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K", "Q5_0"})
    void everyTypeGivesWhatTheReferenceGives(DType dtype) {
        Graph graph = graph(dtype);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT)) {
            try (CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
                for (long seq : new long[] {1, 3, 0, 6, 33, 70}) {
                    Map<String, Tensor> inputs = inputs(seq);
                    Compare.assertClose(
                            "%s, seq %d".formatted(dtype, seq), expected.run(inputs), actual.run(inputs), TOLERANCE);
                }
            }
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
