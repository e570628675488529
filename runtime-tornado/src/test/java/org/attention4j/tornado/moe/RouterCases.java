package org.attention4j.tornado.moe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
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
import org.junit.jupiter.params.provider.EnumSource;

/** A norm, a router's products with its lines, and the choice: inherit it and give a backend. */
abstract class RouterCases {
    /** More than the work-items of a CPU's group, and no multiple of any. */
    private static final int EXPERTS = 70;

    private static final int TOP_K = 3;
    /** A norm of 256 float32 values and products with them. */
    private static final Tolerance TOLERANCE = new Tolerance(2e-5, 2e-4);

    /** The backend under test. */
    abstract Backend backend();

    /** What comes before the router and what is done with its logits, on x {@code [2, seq, inner]}. */
    private static Graph graph(int inner, Consumer<Writer> body) {
        GraphBuilder b = new GraphBuilder("router");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(2), Dims.SEQ, Dim.of(inner)));
        body.accept(new Writer(b, x, inner));
        return b.build();
    }

    /** Writes parts of a graph. */
    private record Writer(GraphBuilder b, Value x, int inner) {
        Value rms(Value of) {
            return b.apply(new RmsNorm(1e-6, 0), of, norm());
        }

        Value layerNorm(Value of) {
            return b.apply(new LayerNorm(1e-5, true, true), of, norm(), weight("norm_bias", DType.F32, inner));
        }

        Value logits(Value of, DType dtype) {
            return b.apply(new Linear(false), of, weight("router", dtype, EXPERTS, inner));
        }

        Value logitsWithBias(Value of) {
            Value bias = weight("router_bias", DType.F32, EXPERTS);
            return b.apply(new Linear(true), of, weight("router", DType.F32, EXPERTS, inner), bias);
        }

        /** So small that no two experts have a score of 0 or 1. */
        private Value norm() {
            return b.constant("norm", RandomTensors.uniform(3, 0.01f, 0.03f, Shape.of(inner)));
        }

        private Value weight(String name, DType dtype, int... dims) {
            Shape shape = Shape.of(Arrays.stream(dims).asLongStream().toArray());
            return b.constant(name, RandomTensors.of(dtype, name.hashCode(), shape));
        }

        void choose(Value logits, Routing routing) {
            List<Value> out = b.call(routing, List.of(logits));
            b.result("ids", out.get(0));
            b.result("weights", out.get(1));
        }
    }

    private static Routing routing() {
        return Routing.of(TOP_K, Scoring.SOFTMAX).normalised();
    }

    private static Routing ofChosen() {
        return Routing.of(TOP_K, Scoring.SOFTMAX_OF_CHOSEN);
    }

    /** Compares results for several lengths; the launches of kernels for two tokens of each of the two sequences. */
    private List<String> check(int inner, Graph graph) {
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
            for (int seq : new int[] {1, 2, 0, 5}) {
                Map<String, Tensor> in = ImmutableMap.of("x", RandomTensors.normal(seq, 2, Shape.of(2, seq, inner)));
                Compare.assertClose("seq " + seq, expected.run(in), actual.run(in), TOLERANCE);
            }
        }
        return backend().plan(graph, CompileOptions.DEFAULT, Map.of("seq", 2L)).launches().stream()
                .filter(l -> !l.labels().isEmpty())
                .map(l -> l.kernel())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K", "Q5_0"})
    void aNormARouterAndTheChoiceAreOneLaunch(DType dtype) {
        Graph graph = graph(256, w -> w.choose(w.logits(w.rms(w.x), dtype), ofChosen()));
        assertEquals(ImmutableList.of("routing"), check(256, graph));
    }

    @Test
    void linesMayHaveOddLengths() {
        BiFunction<Writer, Value, Value> norm = (w, x) -> w.inner % 2 == 1 ? w.layerNorm(x) : w.rms(x);
        for (int inner : new int[] {1, 7, 65, 130}) {
            Graph graph = graph(inner, w -> w.choose(w.logitsWithBias(norm.apply(w, w.x)), ofChosen()));
            assertEquals(ImmutableList.of("routing"), check(inner, graph));
        }
    }

    @Test
    void theNormIsThereForOthersToo() {
        Graph graph = graph(65, w -> {
            Value normed = w.rms(w.x);
            w.choose(w.logits(normed, DType.F32), Routing.of(1, Scoring.SIGMOID).withScale(2.5));
            w.b.result("normed", normed);
            w.b.result("sum", w.b.add(normed, w.x));
        });
        assertEquals(ImmutableList.of("routing", "map"), check(65, graph));
    }

    /** Who reads the norm before the choice is launched can't wait for it. */
    @Test
    void aNormThatOthersReadBeforeIsALaunchOfItsOwn() {
        Graph graph = graph(65, w -> {
            Value normed = w.rms(w.x);
            w.b.result("sums", w.b.reduce(ReduceKind.SUM, normed, false, -1));
            w.choose(w.logits(normed, DType.F32), routing());
        });
        List<String> launches = check(65, graph);
        assertEquals(ImmutableList.of("lines", "routing"), ImmutableList.of(launches.getFirst(), launches.getLast()));
    }

    @Test
    void aRouterNeedsNoNorm() {
        Graph graph = graph(65, w -> w.choose(w.logits(w.x, DType.F32), routing()));
        assertEquals(ImmutableList.of("routing"), check(65, graph));
    }

    /** Each token reads another one's line, which another work-group would normalise. */
    @Test
    void aNormOfOtherLinesIsALaunchOfItsOwn() {
        Graph graph = graph(65, w -> {
            Value turned = w.b.transpose(w.rms(w.x), 1, 0, 2);
            w.choose(w.logits(turned, DType.F32), routing());
        });
        assertEquals(ImmutableList.of("lines", "routing"), check(65, graph));
    }

    /** So many weights take longer in one work-group than a launch. */
    @Test
    void aLargeRouterIsALaunchOfItsOwn() {
        Graph graph = graph(7520, w -> w.choose(w.logits(w.rms(w.x), DType.F32), ofChosen()));
        List<String> launches = check(7520, graph);
        assertEquals(ImmutableList.of("lines", "routing"), ImmutableList.of(launches.getFirst(), launches.getLast()));
        assertEquals(3, launches.size(), launches::toString);
    }

    @Test
    void logitsThatOthersReadAreStoredBefore() {
        Graph graph = graph(65, w -> {
            Value logits = w.logits(w.rms(w.x), DType.F32);
            w.choose(logits, routing());
            w.b.result("logits", logits);
        });
        List<String> launches = check(65, graph);
        assertEquals(3, launches.size(), launches::toString);
    }
}
