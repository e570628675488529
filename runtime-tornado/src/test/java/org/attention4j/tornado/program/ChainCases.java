package org.attention4j.tornado.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.rope.Rope;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;

/** Norms and elementwise ops that follow each other, in one launch where lines don't need each other: inherit it and give a backend. */
abstract class ChainCases {
    private static final Dim SEQ = Dim.symbol("seq");
    private static final int HEADS = 3;
    private static final int HEAD = 16;
    private static final int WIDTH = HEADS * HEAD;

    /** Norms of at most 100 float32 values, one after the other. */
    private static final Tolerance TOLERANCE = new Tolerance(5e-6, 2e-5);

    /** The backend under test. */
    abstract Backend backend();

    /** A graph on {@code x} and {@code h [2, seq, 48]}. */
    private static Graph graph(BiConsumer<GraphBuilder, List<Value>> body) {
        GraphBuilder b = new GraphBuilder("chain");
        TensorType type = TensorType.of(DType.F32, Dim.of(2), SEQ, Dim.of(WIDTH));
        body.accept(b, ImmutableList.of(b.input("x", type), b.input("h", type)));
        return b.build();
    }

    private static Value weight(GraphBuilder b, String name, int width) {
        return b.constant(name, RandomTensors.uniform(name.hashCode(), 0.5f, 1.5f, Shape.of(width)));
    }

    private static Value rms(GraphBuilder b, String name, Value x, int width) {
        return b.apply(new RmsNorm(1e-6, 1), x, weight(b, name, width));
    }

    private static Value perHead(GraphBuilder b, Value x) {
        return b.reshape(x, Dim.of(2), SEQ, Dim.of(HEADS), Dim.of(HEAD));
    }

    private static Map<String, Tensor> inputs(long seq) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("x", RandomTensors.normal(seq, 1, Shape.of(2, seq, WIDTH)));
        all.put("h", RandomTensors.normal(seq + 100, 2, Shape.of(2, seq, WIDTH)));
        return all;
    }

    /** The launches of kernels for five tokens, after results for several lengths were compared. */
    private List<String> check(Graph graph) {
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
            for (long seq : new long[] {1, 5, 0, 40}) {
                Map<String, Tensor> in = inputs(seq);
                Compare.assertClose("seq " + seq, expected.run(in), actual.run(in), TOLERANCE);
            }
        }
        return backend().plan(graph, CompileOptions.DEFAULT, Map.of("seq", 5L)).launches().stream()
                .filter(l -> !l.labels().isEmpty())
                .map(l -> l.kernel())
                .toList();
    }

    @Test
    void aResidualBetweenNormsIsOneLaunchWithThem() {
        Graph graph = graph((b, in) -> {
            Value sum = b.add(in.get(0), rms(b, "after", in.get(1), WIDTH));
            Value y = b.apply(new LayerNorm(1e-5, true, true), sum, weight(b, "w", WIDTH), weight(b, "bias", WIDTH));
            b.result("sum", sum);
            b.result("y", y);
        });
        assertEquals(List.of("lines"), check(graph));
    }

    @Test
    void aSumBeforeANormIsOneLaunchWithIt() {
        Graph graph = graph((b, in) -> {
            Value sum = b.add(in.get(0), in.get(1));
            b.result("sum", sum);
            b.result("y", rms(b, "w", sum, WIDTH));
        });
        assertEquals(List.of("lines"), check(graph));
    }

    /** The rotation reads two entries of a head for each. */
    @Test
    void normsOfHeadsAndTheirRotationsAreOneLaunch() {
        for (RopeStyle style : RopeStyle.values()) {
            Graph graph = graph((b, in) -> {
                Value angles = b.reshape(b.slice(in.get(0), 2, 0, HEAD / 2L), Dim.of(2), SEQ, Dim.of(HEAD / 2));
                for (int i = 0; i < 2; i++) {
                    Value normed = rms(b, "w" + i, perHead(b, in.get(i)), HEAD);
                    b.result("y" + i, b.apply(new Rope(style, HEAD), normed, angles, angles));
                }
            });
            assertEquals(List.of("lines"), check(graph), style::toString);
        }
    }

    @Test
    void aNormOfAllHeadsCanBeRotatedByHead() {
        Graph graph = graph((b, in) -> {
            Value angles = b.reshape(b.slice(in.get(0), 2, 0, HEAD / 2L), Dim.of(2), SEQ, Dim.of(HEAD / 2));
            Value normed = perHead(b, rms(b, "w", in.get(1), WIDTH));
            b.result("y", b.apply(new Rope(RopeStyle.HALF, HEAD), normed, angles, angles));
        });
        assertEquals(List.of("lines"), check(graph));
    }

    /** Whoever adds the token before has to wait for another line. */
    @Test
    void whatReadsAnotherTokensNormIsALaunchOfItsOwn() {
        Graph graph = graph((b, in) -> {
            Value normed = rms(b, "w", in.get(1), WIDTH);
            Value turned = b.transpose(normed, 1, 0, 2);
            b.result("other", b.add(b.transpose(in.get(0), 1, 0, 2), turned));
            b.result("backwards", b.add(in.get(0), b.slice(b.transpose(normed, 0, 1, 2), 0, 1, 2)));
        });
        assertEquals("lines", check(graph).getFirst());
    }

    /** A line of the first norm has three lines of the second, which would be done before they are there. */
    @Test
    void normsOfOtherLinesAreLaunchesOfTheirOwn() {
        Graph graph = graph((b, in) -> {
            Value normed = rms(b, "w", in.get(1), WIDTH);
            b.result("y", rms(b, "heads", perHead(b, normed), HEAD));
        });
        assertEquals(List.of("lines", "lines"), check(graph));
    }

    /** Sums of 32 and more entries are stored, since they are read twice: the second launch needs but its own entry of the first. */
    @Test
    void elementwiseOpsThatAreStoredInBetweenAreOneLaunch() {
        Graph graph = graph((b, in) -> {
            Value shared = b.unary(UnaryKind.EXP, b.unary(UnaryKind.SIGMOID, b.mul(in.get(0), in.get(1))));
            Value more = b.unary(UnaryKind.EXP, b.unary(UnaryKind.SIGMOID, b.add(shared, in.get(0))));
            b.result("shared", shared);
            b.result("more", more);
            b.result("most", b.mul(more, shared));
        });
        assertEquals(List.of("lines"), check(graph));
    }

    /** Slices of a line are read by a line with fewer elements. */
    @Test
    void aProgramMayHaveFewerElementsOfALine() {
        Graph graph = graph((b, in) -> {
            Value normed = rms(b, "w", in.get(1), WIDTH);
            Value half = b.slice(normed, 2, 0, PrimitiveOp.TO_END, 2);
            b.result("all", normed);
            b.result("half", b.add(half, b.slice(in.get(0), 2, 0, WIDTH / 2L)));
        });
        assertEquals(List.of("lines"), check(graph));
    }
}
