package org.attention4j.testkit;

import static org.attention4j.testkit.GraphCase.SEQ;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/** Primitives that combine many elements. */
final class ReductionCases {
    private static final Dim TWO = Dim.of(2);
    private static final Dim THREE = Dim.of(3);
    private static final Dim FIVE = Dim.of(5);

    private ReductionCases() {}

    static List<GraphCase> all() {
        List<GraphCase> cases = new ArrayList<>();
        for (ReduceKind kind : ReduceKind.values()) {
            cases.add(floats(kind));
            if (kind != ReduceKind.MEAN) {
                cases.add(integers(kind));
            }
        }
        cases.add(sumOfNothing());
        cases.add(cumSum(DType.F32));
        cases.add(cumSum(DType.I64));
        cases.add(topK());
        cases.add(topOfLongLines());
        cases.add(ties());
        cases.addAll(products());
        return cases;
    }

    private static GraphCase floats(ReduceKind kind) {
        GraphCase c = new GraphCase("reduce_" + kind + " floats").seq(1, 9);
        Value x = c.input(DType.F32, TWO, SEQ, FIVE);
        for (int[] axes :
                List.of(new int[] {0}, new int[] {1}, new int[] {-1}, new int[] {0, 2}, new int[] {0, 1, 2})) {
            c.result(c.builder().reduce(kind, x, true, axes));
            c.result(c.builder().reduce(kind, x, false, axes));
        }
        return c;
    }

    private static GraphCase integers(ReduceKind kind) {
        GraphCase c = new GraphCase("reduce_" + kind + " integers").seq(1, 9);
        Value x = c.indices(-50, 50, SEQ, THREE);
        c.result(c.builder().reduce(kind, x, true, 0));
        return c.result(c.builder().reduce(kind, x, false, 1));
    }

    private static GraphCase sumOfNothing() {
        GraphCase c = new GraphCase("sum of nothing").seq(0);
        return c.result(c.builder().reduce(ReduceKind.SUM, c.input(DType.F32, TWO, SEQ), false, 1));
    }

    private static GraphCase cumSum(DType dtype) {
        GraphCase c = new GraphCase("cumsum " + dtype).seq(1, 6, 0);
        Value x = c.input(dtype, TWO, SEQ, THREE);
        for (int axis : new int[] {0, 1, -1}) {
            for (boolean exclusive : new boolean[] {false, true}) {
                c.result(c.builder().cumSum(x, axis, exclusive, false));
                c.result(c.builder().cumSum(x, axis, exclusive, true));
            }
        }
        return c;
    }

    private static GraphCase topK() {
        GraphCase c = new GraphCase("top_k").seq(3, 11);
        Value x = c.input(DType.F32, TWO, SEQ, FIVE);
        c.results(c.builder().topK(x, 3, 1));
        c.results(c.builder().topK(x, 1, -1));
        return c.results(c.builder().topK(x, 5, -1));
    }

    private static GraphCase ties() {
        GraphCase c = new GraphCase("top_k of equal entries");
        Value few = c.builder().cast(c.indices(0, 3, Dim.of(4), Dim.of(17)), DType.F32);
        return c.results(c.builder().topK(few, 9, -1));
    }

    /** Of sizes at which a backend may look at parts of a line; with many equal entries too. */
    private static GraphCase topOfLongLines() {
        GraphCase c = new GraphCase("top_k of long lines");
        Value x = c.input(DType.F32, TWO, Dim.of(2500), Dim.of(2));
        c.results(c.builder().topK(x, 1, 1));
        c.results(c.builder().topK(x, 20, 1));
        c.results(c.builder().topK(c.input(DType.F32, Dim.of(601)), 3, 0));
        Value few = c.builder().cast(c.indices(0, 9, Dim.of(2100)), DType.F32);
        return c.results(c.builder().topK(few, 9, -1));
    }

    private static List<GraphCase> products() {
        GraphCase plain = new GraphCase("matmul").seq(1, 7, 0);
        GraphBuilder b = plain.builder();
        Value x = plain.input(DType.F32, SEQ, FIVE);
        plain.result(b.matMul(x, plain.input(DType.F32, FIVE, THREE)));
        plain.result(b.matMulTransposed(x, plain.input(DType.F32, THREE, FIVE)));
        plain.result(b.matMulTransposed(x, x));

        GraphCase inner = new GraphCase("matmul over a symbolic dim").seq(1, 7, 0);
        Value left = inner.input(DType.F32, TWO, SEQ);
        inner.result(inner.builder().matMul(left, inner.input(DType.F32, SEQ, THREE)));
        inner.result(inner.builder().matMulTransposed(left, inner.input(DType.F32, THREE, SEQ)));

        GraphCase batched = new GraphCase("matmul of batches").seq(1, 4);
        Value queries = batched.input(DType.F32, TWO, Dim.of(1), SEQ, FIVE);
        batched.result(batched.builder().matMul(queries, batched.input(DType.F32, THREE, FIVE, SEQ)));
        batched.result(batched.builder().matMulTransposed(queries, batched.input(DType.F32, TWO, THREE, SEQ, FIVE)));
        batched.result(batched.builder().matMul(queries, batched.input(DType.F32, FIVE, TWO)));

        GraphCase large = new GraphCase("matmul large").seq(1, 33);
        Value wide = large.input(DType.F32, SEQ, Dim.of(127));
        large.result(large.builder().matMulTransposed(wide, large.input(DType.F32, Dim.of(65), Dim.of(127))));
        large.result(large.builder().matMul(wide, large.input(DType.F32, Dim.of(127), Dim.of(65))));
        return List.of(plain, inner, batched, large);
    }
}
