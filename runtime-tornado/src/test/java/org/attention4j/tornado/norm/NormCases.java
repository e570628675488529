package org.attention4j.tornado.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.GroupNorm;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Norms of all kinds: inherit it and give a backend. */
abstract class NormCases {
    private static final Dim SEQ = Dim.symbol("seq");

    /** Sums of up to 300 float32 values. */
    private static final Tolerance TOLERANCE = new Tolerance(2e-6, 2e-5);

    /** The backend under test. */
    abstract Backend backend();

    static Stream<CompositeOp> norms() {
        return Stream.of(
                new RmsNorm(1e-6, 0),
                new RmsNorm(1e-5, 1),
                new LayerNorm(1e-5, true, true),
                new LayerNorm(1e-5, true, false),
                new LayerNorm(1e-5, false, false),
                new GroupNorm(3, 1e-5),
                new L2Norm(1e-6));
    }

    /** Two norms of one kind on rows of different widths, which don't depend on each other. */
    private static Graph graph(CompositeOp norm) {
        GraphBuilder b = new GraphBuilder("norms");
        for (int width : new int[] {9, 300}) {
            Value x = b.input("x" + width, TensorType.of(DType.F32, Dim.of(2), SEQ, Dim.of(width)));
            List<Value> in = new ArrayList<>(List.of(x));
            norm.inputNames().stream()
                    .skip(1)
                    .forEach(name -> in.add(
                            b.constant(name + width, RandomTensors.normal(name.hashCode(), 1, Shape.of(width)))));
            b.result("y" + width, b.apply(norm, in.toArray(Value[]::new)));
        }
        return b.build();
    }

    /** Rows of two widths. */
    private static Map<String, Tensor> inputs(long seq) {
        return ImmutableMap.of(
                "x9", RandomTensors.normal(seq, 1, Shape.of(2, seq, 9)),
                "x300", RandomTensors.normal(seq + 1, 3, Shape.of(2, seq, 300)));
    }

    private void check(CompositeOp norm, long... seqs) {
        Graph graph = graph(norm);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
            for (long seq : seqs) {
                Map<String, Tensor> inputs = inputs(seq);
                Compare.assertClose(
                        "%s, seq %d".formatted(norm, seq), expected.run(inputs), actual.run(inputs), TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("norms")
    void givesWhatTheReferenceGives(CompositeOp norm) {
        check(norm, 1, 5, 0);
    }

    /** More than there are work-groups in a launch. */
    @Test
    void manyLines() {
        check(new LayerNorm(1e-5, true, true), 300);
    }

    @Test
    void normsThatDontDependOnEachOtherShareALaunch() {
        Plan plan = backend().plan(graph(new RmsNorm(1e-6, 0)), CompileOptions.DEFAULT, Map.of("seq", 1L));
        assertEquals(
                1,
                plan.launches().stream()
                        .filter(launch -> launch.kernel().equals("lines"))
                        .mapToInt(Plan.Launch::times)
                        .sum());
    }
}
