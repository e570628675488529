package org.attention4j.core.reference;

import com.google.common.math.LongMath;
import java.math.RoundingMode;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;

/** Functions of one element each of the operands, which are broadcast against each other. */
final class Elementwise {
    private Elementwise() {}

    static Array unary(UnaryKind kind, Array x) {
        return switch (x) {
            case Doubles d -> map(d, doubleFunction(kind));
            case Longs l -> map(l, longFunction(kind));
        };
    }

    static Array binary(BinaryKind kind, Array a, Array b, Shape out) {
        Array left = Strides.broadcast(a, out);
        Array right = Strides.broadcast(b, out);
        if (left instanceof Doubles x && right instanceof Doubles y) {
            Doubles z = zip(x, y, doubleFunction(kind));
            return kind.isComparison() ? truncate(z) : z;
        }
        return zip((Longs) left, (Longs) right, longFunction(kind));
    }

    static Array where(Array condition, Array a, Array b, Shape out) {
        Longs holds = (Longs) Strides.broadcast(condition, out);
        Array yes = Strides.broadcast(a, out);
        Array no = Strides.broadcast(b, out);
        return switch (yes) {
            case Doubles y -> choose(holds, y, (Doubles) no);
            case Longs y -> choose(holds, y, (Longs) no);
        };
    }

    static Array cast(Array x, DType to) {
        return switch (x) {
            case Doubles d when to == DType.F64 || to == DType.F32 -> d;
            case Doubles d when to.isFloat() -> Conversions.read(Conversions.write(d, to));
            case Doubles d when to == DType.BOOL -> truncate(map(d, v -> v != 0 ? 1 : 0));
            case Doubles d -> truncate(d);
            case Longs l when to.isFloat() -> cast(toDoubles(l), to);
            case Longs l when to == DType.BOOL -> map(l, v -> v != 0 ? 1 : 0);
            case Longs l -> l;
        };
    }

    /** The values as an integer dtype stores them. */
    static Array wrap(Array x, DType dtype) {
        if (!(x instanceof Longs l)) {
            return x;
        }
        return switch (dtype) {
            case I32 -> map(l, v -> (int) v);
            case I8 -> map(l, v -> (byte) v);
            case U8 -> map(l, v -> v & 0xff);
            default -> l;
        };
    }

    private static DoubleUnaryOperator doubleFunction(UnaryKind kind) {
        return switch (kind) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQRT -> Math::sqrt;
            case RECIPROCAL -> x -> 1 / x;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case TANH -> Math::tanh;
            case SIGMOID -> Elementwise::sigmoid;
            case ERF -> Erf::erf;
            case FLOOR -> Math::floor;
            case NOT -> throw unexpected(kind.name());
        };
    }

    private static LongUnaryOperator longFunction(UnaryKind kind) {
        return switch (kind) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case NOT -> x -> 1 - x;
            case EXP, LOG, SQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR -> throw unexpected(kind.name());
        };
    }

    /** Comparisons give 1 or 0. */
    private static DoubleBinaryOperator doubleFunction(BinaryKind kind) {
        return switch (kind) {
            case ADD -> Double::sum;
            case SUB -> (x, y) -> x - y;
            case MUL -> (x, y) -> x * y;
            case DIV -> (x, y) -> x / y;
            case MOD -> Elementwise::mod;
            case POW -> Math::pow;
            case MIN -> Math::min;
            case MAX -> Math::max;
            case EQUAL -> (x, y) -> x == y ? 1 : 0;
            case LESS -> (x, y) -> x < y ? 1 : 0;
            case LESS_EQUAL -> (x, y) -> x <= y ? 1 : 0;
            case AND, OR -> throw unexpected(kind.name());
        };
    }

    private static LongBinaryOperator longFunction(BinaryKind kind) {
        return switch (kind) {
            case ADD -> Long::sum;
            case SUB -> (x, y) -> x - y;
            case MUL -> (x, y) -> x * y;
            case DIV -> (x, y) -> LongMath.divide(x, y, RoundingMode.FLOOR);
            case MOD -> Math::floorMod;
            case MIN, AND -> Math::min;
            case MAX, OR -> Math::max;
            case EQUAL -> (x, y) -> x == y ? 1 : 0;
            case LESS -> (x, y) -> x < y ? 1 : 0;
            case LESS_EQUAL -> (x, y) -> x <= y ? 1 : 0;
            case POW -> throw unexpected(kind.name());
        };
    }

    private static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    private static double mod(double x, double y) {
        double r = x % y;
        return r != 0 && r < 0 != y < 0 ? r + y : r;
    }

    private static Doubles map(Doubles x, DoubleUnaryOperator f) {
        Doubles out = new Doubles(x.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = f.applyAsDouble(x.data[i]);
        }
        return out;
    }

    private static Longs map(Longs x, LongUnaryOperator f) {
        Longs out = new Longs(x.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = f.applyAsLong(x.data[i]);
        }
        return out;
    }

    /** Towards zero. */
    private static Longs truncate(Doubles x) {
        Longs out = new Longs(x.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = (long) x.data[i];
        }
        return out;
    }

    private static Doubles toDoubles(Longs x) {
        Doubles out = new Doubles(x.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = x.data[i];
        }
        return out;
    }

    private static Doubles zip(Doubles x, Doubles y, DoubleBinaryOperator f) {
        Doubles out = new Doubles(x.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = f.applyAsDouble(x.data[i], y.data[i]);
        }
        return out;
    }

    private static Longs zip(Longs x, Longs y, LongBinaryOperator f) {
        Longs out = new Longs(x.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = f.applyAsLong(x.data[i], y.data[i]);
        }
        return out;
    }

    private static Doubles choose(Longs holds, Doubles yes, Doubles no) {
        Doubles out = new Doubles(holds.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = holds.data[i] != 0 ? yes.data[i] : no.data[i];
        }
        return out;
    }

    private static Longs choose(Longs holds, Longs yes, Longs no) {
        Longs out = new Longs(holds.shape());
        for (int i = 0; i < out.data.length; i++) {
            out.data[i] = holds.data[i] != 0 ? yes.data[i] : no.data[i];
        }
        return out;
    }

    private static IllegalStateException unexpected(String kind) {
        return new IllegalStateException(kind + ": the graph's verifier lets no such operands through");
    }
}
