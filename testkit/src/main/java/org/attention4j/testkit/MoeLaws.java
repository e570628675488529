package org.attention4j.testkit;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of chosen experts, however they are computed: inherit this and give a backend. */
public abstract class MoeLaws {
    private static final int EXPERTS = 5;
    private static final int TOP_K = 2;
    private static final int DIM = 32;
    private static final int HIDDEN = 64;
    private static final Gating SWIGLU = new Gating.Glu(Activation.SILU);
    private static final Gating CLAMPED = new Gating.ClampedGlu(1.702, 0.9);

    /** The backend that runs it. It is not closed by the laws. */
    protected abstract Backend backend();

    /** How near equal results are, relative to their size. */
    protected double tolerance() {
        return 2e-5;
    }

    /**
     * Experts with weights.
     *
     * @param weights in the order of {@link Experts#weightNames()}
     */
    record Stacks(Experts op, List<Tensor> weights) {
        static Stacks random(Experts op, DType dtype) {
            List<Tensor> weights = new ArrayList<>();
            for (String name : op.weightNames()) {
                long rows = name.startsWith("down") ? DIM : name.startsWith("gate_up") ? 2 * HIDDEN : HIDDEN;
                long columns = name.startsWith("down") ? HIDDEN : DIM;
                boolean isBias = name.endsWith("_bias");
                Shape shape = isBias ? Shape.of(EXPERTS, rows) : Shape.of(EXPERTS, rows, columns);
                weights.add(
                        isBias || dtype.isFloat()
                                ? RandomTensors.normal(name.hashCode(), 0.3, shape)
                                : RandomTensors.of(dtype, name.hashCode(), shape));
            }
            return new Stacks(op, weights);
        }

        /** One of the experts alone. */
        Stacks only(int expert) {
            return map(t -> t.rows(expert, 1));
        }

        Stacks map(Function<Tensor, Tensor> change) {
            return new Stacks(op, weights.stream().map(change).toList());
        }

        @Override
        public String toString() {
            return "%s of %s".formatted(op, weights.getFirst().dtype());
        }
    }

    static Stream<Stacks> allKinds() {
        return Stream.of(
                Stacks.random(new Experts(GateUp.SEPARATE, SWIGLU, false), DType.F32),
                Stacks.random(new Experts(GateUp.SEPARATE, SWIGLU, true), DType.F32),
                Stacks.random(new Experts(GateUp.SEPARATE, new Gating.Glu(Activation.RELU2), false), DType.Q8_0),
                Stacks.random(new Experts(GateUp.CONCATENATED, SWIGLU, false), DType.Q4_0),
                Stacks.random(new Experts(GateUp.CONCATENATED, CLAMPED, true), DType.F32),
                Stacks.random(new Experts(GateUp.INTERLEAVED, CLAMPED, true), DType.Q8_0));
    }

    private Tensor run(Stacks stacks, Tensor x, Tensor ids, Tensor weights) {
        GraphBuilder b = new GraphBuilder("experts");
        Dim topK = Dim.of(ids.shape().dim(-1));
        List<Value> in = new ArrayList<>();
        in.add(b.input("x", TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(DIM))));
        in.add(b.input("ids", TensorType.of(DType.I64, Dim.of(1), Dims.SEQ, topK)));
        in.add(b.input("weights", TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, topK)));
        List<String> names = stacks.op().weightNames();
        for (int i = 0; i < names.size(); i++) {
            in.add(b.weight(names.get(i), stacks.weights().get(i)));
        }
        b.result("y", b.call(stacks.op(), in).getFirst());
        try (CompiledGraph compiled = backend().compile(b.build(), CompileOptions.DEFAULT)) {
            Map<String, Tensor> results = compiled.run(ImmutableMap.of("x", x, "ids", ids, "weights", weights));
            return results.values().iterator().next();
        }
    }

    private static Tensor tokens(int n) {
        return RandomTensors.normal(n, 1, Shape.of(1, n, DIM));
    }

    private static Tensor weights(int n) {
        return RandomTensors.uniform(n, 0, 1, Shape.of(1, n, TOP_K));
    }

    /** Two different ones for each token, of {@code experts}. */
    private static Tensor ids(int n, int... experts) {
        Tensor first = RandomTensors.indices(n, 0, experts.length, Shape.of(n));
        Tensor step = RandomTensors.indices(n + 1, 1, experts.length, Shape.of(n));
        long[] ids = new long[n * TOP_K];
        for (int i = 0; i < n; i++) {
            ids[2 * i] = experts[(int) first.getLong(i)];
            ids[2 * i + 1] = experts[(int) ((first.getLong(i) + step.getLong(i)) % experts.length)];
        }
        return Tensor.i64(Shape.of(1, n, TOP_K), ids);
    }

    private void assertNear(String what, Tensor expected, Tensor actual) {
        double largest = 0;
        for (int i = 0; i < expected.shape().elements(); i++) {
            largest = Math.max(largest, Math.abs(expected.getDouble(i)));
        }
        Compare.assertClose(what, expected, actual, new Tolerance(tolerance() * largest, 0));
    }

    @ParameterizedTest
    @MethodSource("allKinds")
    void chosenExpertsGiveWhatAllWouldWithTheOthersWeightsZero(Stacks stacks) {
        for (int n : new int[] {1, 7, 40}) {
            Tensor x = tokens(n);
            Tensor ids = ids(n, IntStream.range(0, EXPERTS).toArray());
            Tensor weights = weights(n);
            assertNear(stacks + " of " + n + " tokens", dense(stacks, x, ids, weights), run(stacks, x, ids, weights));
        }
    }

    /** The sum over all experts, each computed for all tokens. */
    private Tensor dense(Stacks stacks, Tensor x, Tensor ids, Tensor weights) {
        int n = (int) x.shape().dim(1);
        Tensor sum = Tensor.zeros(DType.F32, x.shape());
        Tensor zeros = Tensor.zeros(DType.I64, Shape.of(1, n, 1));
        for (int e = 0; e < EXPERTS; e++) {
            Tensor own = Tensor.zeros(DType.F32, Shape.of(1, n, 1));
            for (int i = 0; i < n * TOP_K; i++) {
                if (ids.getLong(i) == e) {
                    own.setDouble(i / TOP_K, own.getDouble(i / TOP_K) + weights.getDouble(i));
                }
            }
            Tensor y = run(stacks.only(e), x, zeros, own);
            for (int i = 0; i < n * DIM; i++) {
                sum.setDouble(i, sum.getDouble(i) + y.getDouble(i));
            }
        }
        return sum;
    }

    @Test
    void expertsThatNobodyChoseAreNotComputed() {
        Stacks stacks = Stacks.random(new Experts(GateUp.SEPARATE, SWIGLU, true), DType.F32);
        Stacks spoiled = stacks.map(t -> spoil(t, 1, 4));
        Tensor ids = ids(9, 0, 2, 3);
        Tensor expected = run(stacks, tokens(9), ids, weights(9));
        assertNear("others are NaN", expected, run(spoiled, tokens(9), ids, weights(9)));
    }

    private static Tensor spoil(Tensor stack, int... experts) {
        Tensor out = Tensor.zeros(stack.dtype(), stack.shape());
        out.copyFrom(stack);
        for (int e : experts) {
            Tensor rows = out.rows(e, 1);
            for (long i = 0; i < rows.shape().elements(); i++) {
                rows.setDouble(i, Double.NaN);
            }
        }
        return out;
    }

    @Test
    void tokensDoNotMatterToEachOther() {
        int n = 6;
        Stacks stacks = Stacks.random(new Experts(GateUp.SEPARATE, SWIGLU, false), DType.F32);
        Tensor x = tokens(n);
        Tensor ids = ids(n, 0, 1, 2, 3, 4);
        Tensor weights = weights(n);
        Tensor together = run(stacks, x, ids, weights).reshape(Shape.of(n, DIM));
        for (int i = 0; i < n; i++) {
            Tensor alone = run(stacks, token(x, i), token(ids, i), token(weights, i));
            assertNear("token " + i, together.rows(i, 1), alone.reshape(Shape.of(1, DIM)));
        }
    }

    private static Tensor token(Tensor perToken, int i) {
        long[] dims = perToken.shape().dims();
        return perToken.entry(0).rows(i, 1).reshape(Shape.of(1, 1, dims[2]));
    }

    @Test
    void stackedPartsAreAsGoodAsAStack() {
        Stacks whole = Stacks.random(new Experts(GateUp.SEPARATE, SWIGLU, true), DType.F32);
        Stacks parts = whole.map(t -> Tensor.stack(
                "parts", IntStream.range(0, EXPERTS).mapToObj(t::entry).toList()));
        Tensor ids = ids(8, 0, 1, 2, 3, 4);
        Tensor expected = run(whole, tokens(8), ids, weights(8));
        Compare.assertClose("parts", expected, run(parts, tokens(8), ids, weights(8)), Tolerance.EXACT);
    }
}
