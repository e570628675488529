package org.attention4j.core.reference;

import static org.attention4j.core.reference.Run.assertF32;
import static org.attention4j.core.reference.Run.assertI64;
import static org.attention4j.core.reference.Run.assertIntegers;
import static org.attention4j.core.reference.Run.bools;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ElementwiseTest {
    private static final Shape TWO = Shape.of(2);
    private static final Shape THREE = Shape.of(3);

    private static Tensor unary(UnaryKind kind, Tensor x) {
        return Run.one((b, v) -> b.unary(kind, v), x);
    }

    private static Tensor binary(BinaryKind kind, Tensor x, Tensor y) {
        return Run.all((b, in) -> List.of(b.binary(kind, in.get(0), in.get(1))), x, y)
                .getFirst();
    }

    @Test
    void functionsOfOneFloat() {
        Tensor x = Tensor.f32(THREE, -1.5f, 0, 2);
        assertF32(unary(UnaryKind.NEG, x), THREE, 1.5, 0, -2);
        assertF32(unary(UnaryKind.ABS, x), THREE, 1.5, 0, 2);
        assertF32(unary(UnaryKind.EXP, x), THREE, 0.22313016, 1, 7.3890561);
        assertF32(unary(UnaryKind.SIN, x), THREE, -0.99749499, 0, 0.90929743);
        assertF32(unary(UnaryKind.COS, x), THREE, 0.0707372, 1, -0.41614684);
        assertF32(unary(UnaryKind.TANH, x), THREE, -0.90514825, 0, 0.96402758);
        assertF32(unary(UnaryKind.SIGMOID, x), THREE, 0.18242552, 0.5, 0.88079708);
        assertF32(unary(UnaryKind.ERF, x), THREE, -0.96610515, 0, 0.99532227);
        assertF32(unary(UnaryKind.FLOOR, x), THREE, -2, 0, 2);
        Tensor positive = Tensor.f32(THREE, 0.25f, 1, 4);
        assertF32(unary(UnaryKind.LOG, positive), THREE, -1.38629436, 0, 1.38629436);
        assertF32(unary(UnaryKind.SQRT, positive), THREE, 0.5, 1, 2);
        assertF32(unary(UnaryKind.RECIPROCAL, positive), THREE, 4, 1, 0.25);
    }

    @Test
    void sigmoidIsExactFarOut() {
        Tensor y = unary(UnaryKind.SIGMOID, Tensor.f32(THREE, -80, 80, Float.NEGATIVE_INFINITY));
        assertEquals(Math.exp(-80), y.getDouble(0), 1e-41);
        assertF32(y, THREE, 0, 1, 0);
    }

    @Test
    void functionsOfOneIntegerOrBoolean() {
        assertI64(unary(UnaryKind.NEG, Tensor.i64(TWO, -3, 4)), TWO, 3, -4);
        assertI64(unary(UnaryKind.ABS, Tensor.i64(TWO, -3, 4)), TWO, 3, 4);
        assertIntegers(unary(UnaryKind.NOT, bools(TWO, 0, 1)), DType.BOOL, TWO, 1, 0);
    }

    @Test
    void functionsOfTwoFloats() {
        Tensor x = Tensor.f32(THREE, -3.5f, 2, 5);
        Tensor y = Tensor.f32(THREE, 2, 2, -3);
        assertF32(binary(BinaryKind.ADD, x, y), THREE, -1.5, 4, 2);
        assertF32(binary(BinaryKind.SUB, x, y), THREE, -5.5, 0, 8);
        assertF32(binary(BinaryKind.MUL, x, y), THREE, -7, 4, -15);
        assertF32(binary(BinaryKind.DIV, x, y), THREE, -1.75, 1, -5.0 / 3);
        assertF32(binary(BinaryKind.MOD, x, y), THREE, 0.5, 0, -1);
        assertF32(binary(BinaryKind.MIN, x, y), THREE, -3.5, 2, -3);
        assertF32(binary(BinaryKind.MAX, x, y), THREE, 2, 2, 5);
        assertF32(binary(BinaryKind.POW, x, y), THREE, 12.25, 4, 0.008);
        assertIntegers(binary(BinaryKind.EQUAL, x, y), DType.BOOL, THREE, 0, 1, 0);
        assertIntegers(binary(BinaryKind.LESS, x, y), DType.BOOL, THREE, 1, 0, 0);
        assertIntegers(binary(BinaryKind.LESS_EQUAL, x, y), DType.BOOL, THREE, 1, 1, 0);
    }

    @Test
    void integersDivideTowardsNegativeInfinity() {
        Tensor x = Tensor.i64(Shape.of(4), 7, -7, 7, -7);
        Tensor y = Tensor.i64(Shape.of(4), 2, 2, -2, -2);
        assertI64(binary(BinaryKind.DIV, x, y), Shape.of(4), 3, -4, -4, 3);
        assertI64(binary(BinaryKind.MOD, x, y), Shape.of(4), 1, 1, -1, -1);
        assertI64(binary(BinaryKind.MIN, x, y), Shape.of(4), 2, -7, -2, -7);
        assertI64(binary(BinaryKind.MAX, x, y), Shape.of(4), 7, 2, 7, -2);
        assertIntegers(binary(BinaryKind.LESS, x, y), DType.BOOL, Shape.of(4), 0, 1, 0, 1);
    }

    @Test
    void integersAboveTheRangeOfDoublesStayExact() {
        Tensor x = Tensor.i64(Shape.of(1), (1L << 53) + 1);
        assertI64(binary(BinaryKind.ADD, x, Tensor.i64(Shape.of(1), 2)), Shape.of(1), (1L << 53) + 3);
    }

    @Test
    void divisionByTheIntegerZeroFailsTheRun() {
        Tensor x = Tensor.i64(TWO, 1, 2);
        assertEquals(
                "graph test: div: / by zero",
                Run.failure((b, in) -> List.of(b.div(in.get(0), in.get(1))), x, Tensor.i64(TWO, 1, 0)));
    }

    @Test
    void narrowIntegersWrap() {
        Tensor bytes = Tensor.zeros(DType.I8, TWO);
        bytes.setLong(0, 100);
        bytes.setLong(1, -128);
        assertIntegers(binary(BinaryKind.ADD, bytes, bytes), DType.I8, TWO, -56, 0);
        Tensor unsigned = Run.one((b, x) -> b.cast(x, DType.U8), Tensor.i64(TWO, 200, -1));
        assertIntegers(unsigned, DType.U8, TWO, 200, 255);
        assertIntegers(binary(BinaryKind.ADD, unsigned, unsigned), DType.U8, TWO, 144, 254);
    }

    @Test
    void logic() {
        Tensor x = bools(Shape.of(4), 0, 0, 1, 1);
        Tensor y = bools(Shape.of(4), 0, 1, 0, 1);
        assertIntegers(binary(BinaryKind.AND, x, y), DType.BOOL, Shape.of(4), 0, 0, 0, 1);
        assertIntegers(binary(BinaryKind.OR, x, y), DType.BOOL, Shape.of(4), 0, 1, 1, 1);
    }

    @Test
    void operandsAreBroadcastAgainstEachOther() {
        Tensor column = Tensor.f32(Shape.of(2, 1), 10, 20);
        Tensor row = Tensor.f32(THREE, 1, 2, 3);
        assertF32(binary(BinaryKind.ADD, column, row), Shape.of(2, 3), 11, 12, 13, 21, 22, 23);
        assertF32(binary(BinaryKind.SUB, Tensor.scalar(5f), row), THREE, 4, 3, 2);
        Tensor nothing = Tensor.f32(Shape.of(0, 1));
        assertF32(binary(BinaryKind.ADD, nothing, row), Shape.of(0, 3));
    }

    @Test
    void whereTakesFromEither() {
        List<Tensor> y = Run.all(
                (b, in) -> List.of(b.where(in.get(0), in.get(1), in.get(2)), b.where(in.get(0), in.get(3), in.get(3))),
                bools(Shape.of(2, 1), 1, 0),
                Tensor.f32(TWO, 1, 2),
                Tensor.scalar(-1f),
                Tensor.i64(TWO, 5, 6));
        assertF32(y.get(0), Shape.of(2, 2), 1, 2, -1, -1);
        assertI64(y.get(1), Shape.of(2, 2), 5, 6, 5, 6);
    }

    @Test
    void whereLetsNothingThroughFromTheOtherSide() {
        Tensor nan = Tensor.f32(TWO, Float.NaN, Float.NaN);
        Tensor y = Run.all(
                        (b, in) -> List.of(b.where(in.get(0), in.get(1), in.get(2))),
                        bools(TWO, 0, 0),
                        nan,
                        Tensor.f32(TWO, 1, 2))
                .getFirst();
        assertF32(y, TWO, 1, 2);
    }

    @Test
    void castsTruncateAndTest() {
        Tensor x = Tensor.f32(Shape.of(4), -2.7f, -0.2f, 0, 2.7f);
        assertI64(Run.one((b, v) -> b.cast(v, DType.I64), x), Shape.of(4), -2, 0, 0, 2);
        assertIntegers(Run.one((b, v) -> b.cast(v, DType.BOOL), x), DType.BOOL, Shape.of(4), 1, 1, 0, 1);
        assertF32(Run.one((b, v) -> b.cast(v, DType.F32), Tensor.i64(TWO, 3, -4)), TWO, 3, -4);
        assertIntegers(Run.one((b, v) -> b.cast(v, DType.BOOL), Tensor.i64(TWO, 3, 0)), DType.BOOL, TWO, 1, 0);
        assertI64(Run.one((b, v) -> b.cast(v, DType.I64), bools(TWO, 1, 0)), TWO, 1, 0);
    }

    @Test
    void castsToShortFloatsRoundAndOthersDoNot() {
        Tensor tenth = Tensor.f32(Shape.of(1), 0.1f);
        assertF32(Run.one((b, v) -> b.cast(b.cast(v, DType.F16), DType.F32), tenth), Shape.of(1), 0.099975586);
        assertF32(Run.one((b, v) -> b.cast(b.cast(v, DType.BF16), DType.F32), tenth), Shape.of(1), 0.100097656);
        Tensor kept = Run.one(
                (b, v) -> {
                    var third = b.div(b.cast(v, DType.F32), b.scalar(DType.F32, 3));
                    return b.cast(b.sub(b.mul(third, 3), v), DType.F64);
                },
                tenth);
        assertTrue(Math.abs(kept.getDouble(0)) < 1e-16, "F32 is not rounded between ops");
    }
}
