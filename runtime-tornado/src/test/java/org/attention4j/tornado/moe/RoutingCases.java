package org.attention4j.tornado.moe;

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
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.moe.ExpertGroups;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of routing: inherit it and give a backend. */
abstract class RoutingCases {
    /** More than the work-items of a group, and no multiple of them. */
    private static final int EXPERTS = 70;

    private static final int TOP_K = 5;
    /** Exponentials and a division in float32. */
    private static final Tolerance TOLERANCE = new Tolerance(1e-6, 1e-5);

    /** The backend under test. */
    abstract Backend backend();

    static Stream<Routing> cases() {
        return Stream.of(
                Routing.of(TOP_K, Scoring.SOFTMAX),
                Routing.of(1, Scoring.SOFTMAX).normalised(),
                Routing.of(TOP_K, Scoring.SOFTMAX).normalised().withScale(16),
                Routing.of(TOP_K, Scoring.SOFTMAX_OF_CHOSEN),
                Routing.of(TOP_K, Scoring.SOFTMAX_OF_CHOSEN).normalised(),
                Routing.of(TOP_K, Scoring.SIGMOID).withSelectionBias(),
                Routing.of(TOP_K, Scoring.SIGMOID)
                        .withSelectionBias()
                        .normalised()
                        .withScale(2.5),
                Routing.of(TOP_K, Scoring.SIGMOID).withGroups(new ExpertGroups(7, 3, ExpertGroups.Score.TOP2_SUM)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyKindGivesWhatTheReferenceGives(Routing op) {
        Graph graph = graph(op);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
            for (int seq : new int[] {1, 3, 0}) {
                Map<String, Tensor> in = ImmutableMap.of("logits", logits(seq));
                Compare.assertClose("%s, %d tokens".formatted(op, seq), expected.run(in), actual.run(in), TOLERANCE);
            }
        }
    }

    private static Graph graph(Routing op) {
        GraphBuilder b = new GraphBuilder("routing");
        List<Value> in = new ArrayList<>();
        in.add(b.input("logits", TensorType.of(DType.F32, Dim.of(2), Dims.SEQ, Dim.of(EXPERTS))));
        if (op.selectionBias()) {
            in.add(b.constant("bias", RandomTensors.normal(7, 1, Shape.of(EXPERTS))));
        }
        List<Value> out = b.call(op, in);
        b.result("ids", out.get(0));
        b.result("weights", out.get(1));
        return b.build();
    }

    /** The second sequence's experts are as good as each other, but for a few. */
    private static Tensor logits(int seq) {
        Tensor t = RandomTensors.normal(seq, 3, Shape.of(2, seq, EXPERTS));
        for (int i = seq * EXPERTS; i < 2 * seq * EXPERTS; i++) {
            t.setDouble(i, i % 9 == 0 ? 2 : 1);
        }
        return t;
    }
}
