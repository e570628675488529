package org.attention4j.testkit;

import static org.attention4j.testkit.GraphCase.SEQ;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Primitives that make or move elements and compute nothing. */
final class MovementCases {
    private static final Dim TWO = Dim.of(2);
    private static final Dim THREE = Dim.of(3);
    private static final Dim FIVE = Dim.of(5);
    private static final List<DType> MOVED = List.of(DType.F32, DType.F16, DType.I64, DType.BOOL);

    private MovementCases() {}

    static List<GraphCase> all() {
        List<GraphCase> cases = new ArrayList<>();
        for (DType dtype : MOVED) {
            cases.add(gather(dtype));
            cases.add(slice(dtype));
            cases.add(concat(dtype));
            cases.add(rearrange(dtype));
        }
        cases.add(gatherElements());
        cases.add(scatterAdd());
        cases.add(pad());
        cases.add(sizes());
        cases.add(constants());
        Arrays.stream(DType.values()).filter(DType::isQuantized).forEach(q -> cases.add(blocks(q)));
        return cases;
    }

    private static GraphCase gather(DType dtype) {
        GraphCase c = new GraphCase("gather " + dtype).seq(1, 6, 0);
        GraphBuilder b = c.builder();
        Value x = c.input(dtype, FIVE, THREE, TWO);
        c.result(b.gather(x, c.indices(0, 5, SEQ), 0));
        c.result(b.gather(x, c.indices(0, 3, TWO, SEQ), 1));
        c.result(b.gather(x, c.indices(0, 2), -1));
        return c.result(b.gather(
                b.constant("table", RandomTensors.of(dtype, 1, Shape.of(5, 4))), c.indices(0, 5, SEQ), 0));
    }

    private static GraphCase gatherElements() {
        GraphCase c = new GraphCase("gather_elements").seq(1, 6, 0);
        Value x = c.input(DType.F32, FIVE, SEQ);
        c.result(c.builder().gatherElements(x, c.indices(0, 5, TWO, SEQ), 0));
        c.result(c.builder().gatherElements(x, c.indices(0, 5, TWO, Dim.of(1)), 0));
        Value table = c.input(DType.F32, Dim.of(1), FIVE);
        return c.result(c.builder().gatherElements(table, c.indices(0, 5, SEQ, THREE), 1));
    }

    private static GraphCase scatterAdd() {
        GraphCase c = new GraphCase("scatter_add").seq(1, 6, 0);
        Value indices = c.indices(0, 5, SEQ, THREE);
        c.result(c.builder().scatterAdd(c.input(DType.F32, FIVE, THREE), indices, c.input(DType.F32, SEQ, THREE), 0));
        Value columns = c.indices(0, 5, TWO, SEQ);
        return c.result(
                c.builder().scatterAdd(c.input(DType.F32, TWO, FIVE), columns, c.input(DType.F32, TWO, SEQ), -1));
    }

    private static GraphCase slice(DType dtype) {
        GraphCase c = new GraphCase("slice " + dtype).seq(4, 9);
        GraphBuilder b = c.builder();
        Value x = c.input(dtype, SEQ, FIVE, TWO);
        c.result(b.slice(x, 0, 0, 3));
        c.result(b.slice(x, 0, 1, 4, 2));
        c.result(b.slice(x, 0, 2, PrimitiveOp.TO_END));
        c.result(b.slice(x, 0, 4, PrimitiveOp.TO_END));
        c.result(b.slice(x, 1, 1, PrimitiveOp.TO_END, 3));
        c.result(b.slice(x, 1, 2, 2));
        return c.result(b.slice(x, -1, 1, 9));
    }

    private static GraphCase concat(DType dtype) {
        GraphCase c = new GraphCase("concat " + dtype).seq(1, 5, 0);
        Value x = c.input(dtype, SEQ, THREE);
        c.result(c.builder().concat(0, x, c.input(dtype, TWO, THREE), x));
        c.result(c.builder().concat(-1, x, c.input(dtype, SEQ, FIVE)));
        Value past = c.builder().concat(0, c.input(dtype, TWO, THREE), x);
        c.result(c.builder().slice(past, 0, 2, PrimitiveOp.TO_END));
        return c.result(c.builder().concat(1, x));
    }

    /** What only changes dims and order. */
    private static GraphCase rearrange(DType dtype) {
        GraphCase c = new GraphCase("rearrange " + dtype).seq(1, 4, 0);
        GraphBuilder b = c.builder();
        Value x = c.input(dtype, TWO, SEQ, Dim.of(6));
        c.result(b.transpose(x, 0, 2, 1));
        c.result(b.transpose(x, 2, 0, 1));
        Value heads = b.reshape(x, TWO, SEQ, THREE, TWO);
        c.result(b.transpose(heads, 0, 2, 1, 3));
        c.result(b.reshape(x, TWO.times(SEQ), Dim.of(6)));
        c.result(b.reshape(x, Dim.of(12).times(SEQ)));
        c.result(b.unsqueeze(x, -1));
        c.result(b.broadcast(c.input(dtype, Dim.of(1), THREE), List.of(TWO, SEQ, THREE)));
        return c.result(b.broadcast(c.input(dtype), List.of(SEQ, TWO)));
    }

    private static GraphCase pad() {
        GraphCase c = new GraphCase("pad").seq(1, 5, 0);
        Value x = c.input(DType.F32, TWO, SEQ);
        c.result(c.builder().pad(x, 1, 2, 1, 0));
        c.result(c.builder().pad(x, 0, 0, 3, -1.5));
        c.result(c.builder().pad(x, -1, 1, 0, Double.NEGATIVE_INFINITY));
        return c.result(c.builder().pad(c.indices(0, 9, SEQ), 0, 3, 0, 7));
    }

    private static GraphCase sizes() {
        GraphCase c = new GraphCase("iota and size_of").seq(1, 5, 0);
        Value x = c.input(DType.F32, SEQ, TWO);
        c.result(c.builder().iota(SEQ));
        c.result(c.builder().iota(Dim.of(4)));
        c.result(c.builder().iota(SEQ.plus(Dim.of(2))));
        c.result(c.builder().sizeOf(SEQ.times(THREE)));
        c.result(c.builder().sizeOf(FIVE));
        return c.result(c.builder().reshape(x, SEQ.times(TWO)));
    }

    private static GraphCase constants() {
        GraphCase c = new GraphCase("constants");
        for (DType dtype : MOVED) {
            c.result(c.builder().constant("c." + dtype, RandomTensors.of(dtype, 3, Shape.of(2, 3))));
            c.result(c.builder().constant("empty." + dtype, Tensor.zeros(dtype, Shape.of(0, 3))));
        }
        return c.result(c.builder().scalar(DType.F32, 0.1));
    }

    /** Weights of a block-quantised dtype, whole and row by row. */
    private static GraphCase blocks(DType dtype) {
        GraphCase c = new GraphCase("blocks " + dtype).seq(1, 4);
        GraphBuilder b = c.builder();
        int inner = 2 * dtype.blockSize();
        Value w = b.constant("w", RandomTensors.of(dtype, 5, Shape.of(7, inner)));
        c.result(b.toF32(w));
        c.result(b.toF32(b.gather(w, c.indices(0, 7, SEQ), 0)));
        return c.result(b.matMulTransposed(c.input(DType.F32, SEQ, Dim.of(inner)), b.toF32(w)));
    }
}
