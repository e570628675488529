package org.attention4j.testkit;

import static org.attention4j.testkit.GraphCase.SEQ;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Functions of single elements, in every kind of broadcast. */
final class ElementwiseCases {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final Dim THREE = Dim.of(3);
    private static final Dim ONE = Dim.of(1);

    private ElementwiseCases() {}

    static List<GraphCase> all() {
        List<GraphCase> cases = new ArrayList<>();
        for (UnaryKind kind : UnaryKind.values()) {
            cases.add(unary(kind));
        }
        cases.add(limits());
        for (BinaryKind kind : BinaryKind.values()) {
            cases.add(kind.isLogical() ? logical(kind) : floats(kind));
            if (!kind.isLogical() && kind != BinaryKind.POW) {
                cases.add(integers(kind));
            }
        }
        cases.add(divisionByZero());
        for (DType dtype : List.of(DType.F32, DType.F16, DType.I64, DType.BOOL)) {
            cases.add(where(dtype));
        }
        cases.add(casts());
        return cases;
    }

    private static String name(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static GraphCase unary(UnaryKind kind) {
        GraphCase c = new GraphCase(name(kind)).seq(1, 7, 0);
        Value x = switch (kind) {
            case LOG, SQRT, RECIPROCAL -> c.between(0.1, 5, SEQ, THREE);
            case NEG, ABS, EXP, SIN, COS, TANH, SIGMOID, ERF, FLOOR -> c.between(-5, 5, SEQ, THREE);
            case NOT -> c.input(DType.BOOL, SEQ, THREE);
        };
        c.result(c.builder().unary(kind, x));
        if (kind == UnaryKind.NEG || kind == UnaryKind.ABS) {
            c.result(c.builder().unary(kind, c.indices(-9, 9, THREE)));
        }
        return c;
    }

    /** Softmax and gates rely on what these give far out. */
    private static GraphCase limits() {
        GraphCase c = new GraphCase("limits");
        Tensor far = Tensor.f32(Shape.of(7), -INF, -1000, -88, 0, 88, 1000, INF);
        Value x = c.input((seed, shape) -> far, DType.F32, Dim.of(7));
        for (UnaryKind kind : List.of(UnaryKind.EXP, UnaryKind.TANH, UnaryKind.SIGMOID, UnaryKind.ERF)) {
            c.result(c.builder().unary(kind, x));
        }
        c.result(c.builder().binary(BinaryKind.MAX, x, c.builder().scalar(DType.F32, Double.NEGATIVE_INFINITY)));
        return c.result(c.builder().binary(BinaryKind.EQUAL, x, x));
    }

    private static GraphCase floats(BinaryKind kind) {
        GraphCase c = new GraphCase(name(kind) + " floats").seq(1, 5, 0);
        double low = kind == BinaryKind.POW ? 0.1 : -3;
        Value x = c.between(low, 3, SEQ, THREE);
        c.result(c.builder().binary(kind, x, c.between(0.5, 3, SEQ, THREE)));
        c.result(c.builder().binary(kind, x, c.between(-3, -0.5, THREE)));
        c.result(c.builder().binary(kind, c.between(low, 3), x));
        c.result(c.builder().binary(kind, c.between(low, 3, SEQ, ONE), c.between(0.5, 3, ONE, THREE)));
        return c.result(c.builder().binary(kind, x, x));
    }

    private static GraphCase integers(BinaryKind kind) {
        GraphCase c = new GraphCase(name(kind) + " integers").seq(1, 5, 0);
        Value x = c.indices(-20, 20, SEQ, THREE);
        c.result(c.builder().binary(kind, x, c.indices(1, 7, SEQ, THREE)));
        c.result(c.builder().binary(kind, x, c.indices(-7, 0, THREE)));
        return c.result(c.builder().binary(kind, c.indices(-20, 20), c.indices(1, 7, SEQ, ONE)));
    }

    private static GraphCase logical(BinaryKind kind) {
        GraphCase c = new GraphCase(name(kind)).seq(1, 5, 0);
        return c.result(
                c.builder().binary(kind, c.input(DType.BOOL, SEQ, Dim.of(4)), c.input(DType.BOOL, ONE, Dim.of(4))));
    }

    private static GraphCase divisionByZero() {
        GraphCase c = new GraphCase("division by zero");
        Tensor numerators = Tensor.f32(Shape.of(3), -1, 0, 1);
        Value x = c.input((seed, shape) -> numerators, DType.F32, THREE);
        return c.result(c.builder().div(x, c.builder().scalar(DType.F32, 0)));
    }

    private static GraphCase where(DType dtype) {
        GraphCase c = new GraphCase("where " + dtype).seq(1, 5, 0);
        Value x = c.input(dtype, SEQ, THREE);
        c.result(c.builder().where(c.input(DType.BOOL, SEQ, ONE), x, c.input(dtype)));
        return c.result(c.builder().where(c.input(DType.BOOL, THREE), c.input(dtype, ONE, THREE), x));
    }

    private static GraphCase casts() {
        GraphCase c = new GraphCase("casts").seq(1, 5, 0);
        Value floats = c.between(-99, 99, SEQ, THREE);
        Value integers = c.indices(-99, 99, SEQ, THREE);
        Value booleans = c.input(DType.BOOL, SEQ, THREE);
        for (DType to : List.of(DType.F64, DType.F16, DType.BF16, DType.I64, DType.I32, DType.I8, DType.BOOL)) {
            c.result(c.builder().cast(floats, to));
        }
        for (DType to : List.of(DType.F32, DType.F16, DType.I32, DType.BOOL)) {
            c.result(c.builder().cast(integers, to));
        }
        for (DType to : List.of(DType.F32, DType.I64)) {
            c.result(c.builder().cast(booleans, to));
        }
        for (DType from : List.of(DType.F64, DType.F16, DType.BF16, DType.I32, DType.I8, DType.U8)) {
            c.result(c.builder().cast(c.input(from, SEQ), DType.F32));
        }
        return c;
    }
}
