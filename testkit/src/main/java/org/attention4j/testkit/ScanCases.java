package org.attention4j.testkit;

import static org.attention4j.testkit.GraphCase.SEQ;

import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/** Loops, and composites that no backend knows. */
final class ScanCases {
    private static final Dim TWO = Dim.of(2);
    private static final Dim THREE = Dim.of(3);

    private ScanCases() {}

    static List<GraphCase> all() {
        return List.of(recurrence().seq(1, 6), twoOfEach(), nested(), composite());
    }

    /** A loop that is not entered: it gives its initial values and empty stacks. */
    static GraphCase noSteps() {
        return recurrence().seq(0);
    }

    /** An op that no backend has a lowering for: each row less its mean, through a second composite. */
    record Centered() implements CompositeOp {
        @Override
        public String name() {
            return "contract_centered";
        }

        @Override
        public List<String> inputNames() {
            return List.of("x");
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
            return List.of(b.sub(inputs.getFirst(), b.apply(new RowMean(), inputs.getFirst())));
        }
    }

    /** The mean of each row. */
    record RowMean() implements CompositeOp {
        @Override
        public String name() {
            return "contract_row_mean";
        }

        @Override
        public List<String> inputNames() {
            return List.of("x");
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return List.of(new TensorType(DType.F32, List.of(inputs.getFirst().dim(0), Dim.of(1))));
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
            return List.of(b.reduce(ReduceKind.MEAN, inputs.getFirst(), true, -1));
        }
    }

    /** {@code h ← decay · h + x}, with h as the carried value and tanh(h) as each step's output. */
    private static Graph decaying(String name, Dim rows) {
        GraphBuilder b = new GraphBuilder(name);
        Value h = b.input("h", TensorType.of(DType.F32, rows, THREE));
        Value x = b.input("x", TensorType.of(DType.F32, rows, THREE));
        Value decay = b.input("decay", TensorType.of(DType.F32, THREE));
        Value next = b.add(b.mul(h, decay), x);
        b.result("next", next);
        b.result("y", b.unary(UnaryKind.TANH, next));
        return b.build();
    }

    private static GraphCase recurrence() {
        GraphCase c = new GraphCase("scan");
        Value h = c.input(DType.F32, TWO, THREE);
        Value x = c.input(DType.F32, TWO, SEQ, THREE);
        return c.results(c.builder().scan(decaying("step", TWO), 1, 1, 1, List.of(h, x, c.input(DType.F32, THREE))));
    }

    /** Two carried values, of which one counts, and two sequences; a composite and a constant in the body. */
    private static GraphCase twoOfEach() {
        GraphBuilder body = new GraphBuilder("body");
        Value h = body.input("h", TensorType.of(DType.F32, TWO, THREE));
        Value count = body.input("count", TensorType.of(DType.I64));
        Value x = body.input("x", TensorType.of(DType.F32, TWO, THREE));
        Value keep = body.input("keep", TensorType.of(DType.BOOL, TWO));
        Value centered = body.apply(new Centered(), body.add(h, x));
        body.result("h", body.where(body.unsqueeze(keep, -1), centered, h));
        body.result("count", body.add(count, 2));
        body.result("at", count);
        body.result("kept", keep);

        GraphCase c = new GraphCase("scan two of each").seq(1, 5);
        return c.results(c.builder()
                .scan(
                        body.build(),
                        2,
                        2,
                        0,
                        List.of(
                                c.input(DType.F32, TWO, THREE),
                                c.indices(0, 9),
                                c.input(DType.F32, SEQ, TWO, THREE),
                                c.input(DType.BOOL, SEQ, TWO))));
    }

    /** A loop over rows in a loop over blocks of rows. */
    private static GraphCase nested() {
        GraphBuilder outer = new GraphBuilder("outer");
        Value h = outer.input("h", TensorType.of(DType.F32, TWO, THREE));
        Value block = outer.input("block", TensorType.of(DType.F32, TWO, Dim.of(4), THREE));
        Value decay = outer.input("decay", TensorType.of(DType.F32, THREE));
        List<Value> inner = outer.scan(decaying("inner", TWO), 1, 1, 1, List.of(h, block, decay));
        outer.result("h", inner.get(0));
        outer.result("y", inner.get(1));

        GraphCase c = new GraphCase("scan in a scan").seq(1, 3);
        return c.results(c.builder()
                .scan(
                        outer.build(),
                        1,
                        1,
                        0,
                        List.of(
                                c.input(DType.F32, TWO, THREE),
                                c.input(DType.F32, SEQ, TWO, Dim.of(4), THREE),
                                c.input(DType.F32, THREE))));
    }

    private static GraphCase composite() {
        GraphCase c = new GraphCase("unknown composite").seq(1, 5);
        return c.result(c.builder().apply(new Centered(), c.input(DType.F32, SEQ, THREE)));
    }
}
