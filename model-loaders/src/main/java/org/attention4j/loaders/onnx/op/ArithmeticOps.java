package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BinaryOperator;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Elementwise arithmetic. */
@AutoService(OnnxOperators.class)
public final class ArithmeticOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("Add", n -> Elements.add(n, n.input(0), n.input(1)));
        table.addOne("Sub", n -> Elements.binary(n, BinaryKind.SUB, n.input(0), n.input(1)));
        table.addOne("Mul", n -> Elements.mul(n, n.input(0), n.input(1)));
        table.addOne("Div", ArithmeticOps::div);
        table.addOne("Mod", ArithmeticOps::mod);
        table.addOne("Pow", ArithmeticOps::pow);
        table.addOne("Min", n -> fold(n, (a, b) -> Elements.binary(n, BinaryKind.MIN, a, b)));
        table.addOne("Max", n -> fold(n, (a, b) -> Elements.binary(n, BinaryKind.MAX, a, b)));
        table.addOne("Sum", n -> fold(n, (a, b) -> Elements.add(n, a, b)));
        table.addOne("Mean", n -> n.builder().mul(fold(n, (a, b) -> Elements.add(n, a, b)), 1.0 / n.numInputs()));
        table.addOne("Clip", ArithmeticOps::clip);
        unary(table, "Neg", UnaryKind.NEG);
        unary(table, "Abs", UnaryKind.ABS);
        unary(table, "Exp", UnaryKind.EXP);
        unary(table, "Log", UnaryKind.LOG);
        unary(table, "Sqrt", UnaryKind.SQRT);
        unary(table, "Reciprocal", UnaryKind.RECIPROCAL);
        unary(table, "Sin", UnaryKind.SIN);
        unary(table, "Cos", UnaryKind.COS);
        unary(table, "Tanh", UnaryKind.TANH);
        unary(table, "Sigmoid", UnaryKind.SIGMOID);
        unary(table, "Erf", UnaryKind.ERF);
        unary(table, "Floor", UnaryKind.FLOOR);
        table.addOne("Ceil", n -> {
            GraphBuilder b = n.builder();
            return b.unary(UnaryKind.NEG, b.unary(UnaryKind.FLOOR, b.unary(UnaryKind.NEG, n.input(0))));
        });
        table.addOne("Round", ArithmeticOps::round);
        table.addOne("Sign", ArithmeticOps::sign);
        table.addOne(
                "Tan",
                n -> n.builder()
                        .div(
                                n.builder().unary(UnaryKind.SIN, n.input(0)),
                                n.builder().unary(UnaryKind.COS, n.input(0))));
    }

    private static void unary(OperatorTable table, String name, UnaryKind kind) {
        table.addOne(name, n -> n.builder().unary(kind, n.input(0)));
    }

    private static Value fold(OnnxNode n, BinaryOperator<Value> f) {
        Value y = n.input(0);
        for (int i = 1; i < n.numInputs(); i++) {
            y = f.apply(y, n.input(i));
        }
        return y;
    }

    /** Integers divide towards zero in ONNX, towards negative infinity here. */
    private static Value div(OnnxNode n) {
        Value x = n.input(0);
        Value y = n.input(1);
        if (x.type().dtype().isFloat()) {
            return Elements.binary(n, BinaryKind.DIV, x, y);
        }
        GraphBuilder b = n.builder();
        Value size = Elements.binary(n, BinaryKind.DIV, b.unary(UnaryKind.ABS, x), b.unary(UnaryKind.ABS, y));
        Value sameSign = b.binary(
                BinaryKind.EQUAL,
                b.cast(Elements.negative(b, x), DType.I64),
                b.cast(Elements.negative(b, y), DType.I64));
        return b.where(sameSign, size, b.unary(UnaryKind.NEG, size));
    }

    /** The sign is the divisor's, or with {@code fmod} the dividend's. */
    private static Value mod(OnnxNode n) {
        Value x = n.input(0);
        Value y = n.input(1);
        if (!n.flag("fmod", false)) {
            return Elements.binary(n, BinaryKind.MOD, x, y);
        }
        GraphBuilder b = n.builder();
        Value rest = Elements.binary(n, BinaryKind.MOD, b.unary(UnaryKind.ABS, x), b.unary(UnaryKind.ABS, y));
        return b.where(Elements.negative(b, x), b.unary(UnaryKind.NEG, rest), rest);
    }

    private static Value pow(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        OptionalDouble exponent = single(n.constant(1));
        if (exponent.isPresent() && exponent.getAsDouble() == 2) {
            return b.mul(x, x);
        }
        if (exponent.isPresent() && exponent.getAsDouble() == 3) {
            return b.mul(b.mul(x, x), x);
        }
        DType dtype = x.type().dtype();
        DType inner = dtype.isFloat() ? dtype : DType.F64;
        if (exponent.isPresent() && exponent.getAsDouble() == 0.5 && dtype.isFloat()) {
            return b.unary(UnaryKind.SQRT, x);
        }
        Value y = Elements.binary(n, BinaryKind.POW, b.cast(x, inner), b.cast(n.input(1), inner));
        return b.cast(y, dtype);
    }

    /** The one element of a tensor, if there is just one. */
    static OptionalDouble single(Optional<Tensor> tensor) {
        return tensor.filter(t -> t.shape().elements() == 1)
                .map(t -> OptionalDouble.of(t.getDouble(0)))
                .orElse(OptionalDouble.empty());
    }

    private static Value clip(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        Optional<Value> least = n.find(1);
        Optional<Value> most = n.find(2);
        if (n.version() < 11) {
            DType dtype = x.type().dtype();
            least = Optional.of(b.scalar(dtype, n.attribute("min", -Float.MAX_VALUE)));
            most = Optional.of(b.scalar(dtype, n.attribute("max", Float.MAX_VALUE)));
        }
        Value y = least.isPresent() ? Elements.binary(n, BinaryKind.MAX, x, least.get()) : x;
        return most.isPresent() ? Elements.binary(n, BinaryKind.MIN, y, most.get()) : y;
    }

    /** Halves to the even neighbour. */
    private static Value round(OnnxNode n) {
        return round(n.builder(), n.input(0));
    }

    /** To the nearest integer; of two, to the even one. */
    static Value round(GraphBuilder b, Value x) {
        Value shifted = b.add(x, 0.5);
        Value up = b.unary(UnaryKind.FLOOR, shifted);
        Value half = b.binary(BinaryKind.EQUAL, shifted, up);
        Value odd = b.binary(
                BinaryKind.EQUAL,
                b.binary(BinaryKind.MOD, up, b.scalar(x.type().dtype(), 2)),
                b.scalar(x.type().dtype(), 1));
        return b.where(b.binary(BinaryKind.AND, half, odd), b.add(up, -1), up);
    }

    private static Value sign(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        DType dtype = x.type().dtype();
        Value zero = Elements.scalar(b, dtype, 0);
        Value notPositive = b.where(b.binary(BinaryKind.LESS, x, zero), Elements.scalar(b, dtype, -1), zero);
        return b.where(b.binary(BinaryKind.LESS, zero, x), Elements.scalar(b, dtype, 1), notPositive);
    }
}
