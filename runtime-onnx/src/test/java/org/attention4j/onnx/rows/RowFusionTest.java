package org.attention4j.onnx.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
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
import org.attention4j.x86.Processor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which ops become one, and that they still compute what they did. */
class RowFusionTest {
    private static final int HEADS = 3;
    private static final int HEAD_DIM = 20;
    private static final int HIDDEN = HEADS * HEAD_DIM;
    private static final TensorType ROWS = TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(HIDDEN));

    /** F32 against doubles, over some ten roundings. */
    private static final Tolerance TOLERANCE = new Tolerance(2e-6, 2e-6);

    private final GraphBuilder b = new GraphBuilder("rows");
    private final Value x = b.input("x", ROWS);
    private final Value other = b.input("other", ROWS);

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    private Value weight(String name, DType dtype, long... dims) {
        Tensor f32 = RandomTensors.normal(name.hashCode(), 0.5, Shape.of(dims));
        Tensor t = Tensor.zeros(dtype, Shape.of(dims));
        for (long i = 0; i < t.shape().elements(); i++) {
            t.setDouble(i, f32.getDouble(i));
        }
        return b.weight(name, t);
    }

    /** Some more steps: a function instead of few nodes is not made. */
    private Value steps(Value y) {
        for (UnaryKind kind :
                List.of(UnaryKind.TANH, UnaryKind.NEG, UnaryKind.SIGMOID, UnaryKind.EXP, UnaryKind.RECIPROCAL)) {
            y = b.unary(kind, y);
        }
        return y;
    }

    private Value heads(Value y) {
        return b.reshape(y, Dims.BATCH, Dims.SEQ, Dim.of(HEADS), Dim.of(HEAD_DIM));
    }

    /** Compares results with the reference backend's, and returns how many functions of rows there are. */
    private long fused() {
        Graph graph = b.build();
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = onnx.compile(graph, CompileOptions.DEFAULT)) {
            for (int[] size : List.of(new int[] {1, 1}, new int[] {2, 7}, new int[] {1, 300})) {
                Map<String, Tensor> in = ImmutableMap.of(
                        "x", RandomTensors.normal(1, 1, Shape.of(size[0], size[1], HIDDEN)),
                        "other", RandomTensors.normal(2, 1, Shape.of(size[0], size[1], HIDDEN)));
                Compare.assertClose("results", expected.run(in), actual.run(in), TOLERANCE);
            }
            assertEquals(actual.plan(), onnx.plan(graph, CompileOptions.DEFAULT));
            return actual.plan().choices().stream()
                    .filter(c -> c.op().equals(FusedRows.NAME))
                    .filter(c -> c.lowering().equals("generated_rows"))
                    .count();
        }
    }

    @Test
    void aResidualANormAndAGateAreOne() {
        Value sum = b.add(x, other);
        Value normed = b.apply(new RmsNorm(1e-5, 1), sum, weight("norm", DType.F16, HIDDEN));
        b.result("sum", sum);
        b.result("gated", steps(b.mul(normed, b.apply(new Activate(Activation.SILU), other))));
        assertEquals(1, fused());
    }

    @Test
    void normsOfHeadsSumsOfHeadsAndReshapesAreOne() {
        Value direction = b.apply(new L2Norm(1e-6), heads(b.mul(x, weight("k", DType.F32, HIDDEN))));
        Value agreement = b.reduce(
                ReduceKind.SUM,
                b.mul(b.mul(direction, heads(other)), weight("r", DType.F32, HEADS, HEAD_DIM)),
                true,
                -1);
        Value normed =
                b.apply(new GroupNorm(HEADS, 1e-3), x, weight("w", DType.F32, HIDDEN), weight("b", DType.BF16, HIDDEN));
        b.result("agreement", agreement);
        b.result(
                "y",
                b.add(normed, b.reshape(b.mul(agreement, direction), x.type().dims())));
        b.result("each", b.mul(heads(x), b.add(weight("head", DType.F32, HEAD_DIM), 1)));
        assertEquals(1, fused());
    }

    /** One function before the product and one behind it, though both read the same. */
    @Test
    void whatAProductStandsBetweenIsNotOne() {
        Value before = steps(b.mul(x, other));
        Value product = b.apply(new Linear(false), before, weight("product", DType.F32, HIDDEN, HIDDEN));
        b.result("y", steps(b.add(b.mul(product, before), b.unary(UnaryKind.SIGMOID, other))));
        assertEquals(2, fused());
    }

    /** Norms of rows and norms of heads have groups of two sizes. */
    @Test
    void groupsOfTwoSizesAreTwo() {
        Value normed =
                b.apply(new LayerNorm(1e-5, true, false), steps(b.add(x, other)), weight("norm", DType.F32, HIDDEN));
        b.result("y", steps(b.mul(b.apply(new L2Norm(1e-6), heads(normed)), heads(other))));
        assertEquals(2, fused());
    }

    /** Its rows would be others. */
    @Test
    void rowsThatArePutTogetherAreNotPartOfIt() {
        Value y = steps(b.mul(b.unary(UnaryKind.EXP, x), other));
        Dim tokens = Dims.BATCH.times(Dims.SEQ);
        b.result("y", b.add(b.reshape(y, tokens, Dim.of(HIDDEN)), b.reshape(x, tokens, Dim.of(HIDDEN))));
        assertEquals(1, fused());
    }

    /** There is nothing to gain. */
    @Test
    void oneNodeStaysWhatItIs() {
        b.result("y", b.mul(x, other));
        assertEquals(0, fused());
    }

    @Test
    void twoBecomeOne() {
        b.result("y", b.apply(new RmsNorm(1e-5, 0), b.add(x, other), weight("norm", DType.F32, HIDDEN)));
        assertEquals(1, fused());
    }

    @Test
    void aCallerCanPinWhatItWasBefore() {
        b.result("y", steps(b.mul(x, other)));
        CompileOptions pinned = new CompileOptions(ImmutableMap.of(FusedRows.NAME, Plan.DECOMPOSED));
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT)) {
            assertTrue(onnx.plan(b.build(), pinned).choices().stream()
                    .noneMatch(c -> c.lowering().equals("generated_rows")));
        }
    }
}
