package org.attention4j.onnx.emit;

import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;

/** Writes elementwise primitives. */
final class Elementwise {
    private Elementwise() {}

    static String unary(OnnxWriter w, UnaryKind kind, String x) {
        String type = switch (kind) {
            case NEG -> "Neg";
            case ABS -> "Abs";
            case EXP -> "Exp";
            case LOG -> "Log";
            case SQRT -> "Sqrt";
            case RECIPROCAL -> "Reciprocal";
            case SIN -> "Sin";
            case COS -> "Cos";
            case TANH -> "Tanh";
            case SIGMOID -> "Sigmoid";
            case ERF -> "Erf";
            case FLOOR -> "Floor";
            case NOT -> "Not";
        };
        return w.op(type, List.of(x));
    }

    static String binary(OnnxWriter w, BinaryKind kind, String a, String b, DType dtype) {
        List<String> in = List.of(a, b);
        return switch (kind) {
            case ADD -> w.op("Add", in);
            case SUB -> w.op("Sub", in);
            case MUL -> w.op("Mul", in);
            case DIV -> dtype.isInteger() ? floorDiv(w, a, b) : w.op("Div", in);
            case MOD -> dtype.isInteger() ? w.op("Mod", in) : floatMod(w, a, b);
            case POW -> w.op("Pow", in);
            case MIN -> w.op("Min", in);
            case MAX -> w.op("Max", in);
            case EQUAL -> w.op("Equal", in);
            case LESS -> w.op("Less", in);
            case LESS_EQUAL -> w.op("LessOrEqual", in);
            case AND -> w.op("And", in);
            case OR -> w.op("Or", in);
        };
    }

    /** ONNX Runtime chooses among numbers only, and lacks booleans. */
    static String where(OnnxWriter w, List<String> in, DType dtype) {
        if (dtype != DType.BOOL) {
            return w.op("Where", in);
        }
        String yes = w.op("And", List.of(in.get(0), in.get(1)));
        String no = w.op("And", List.of(w.op("Not", List.of(in.get(0))), in.get(2)));
        return w.op("Or", List.of(yes, no));
    }

    /** ONNX's integer division truncates; without the remainder, whose sign is the divisor's, it is exact. */
    private static String floorDiv(OnnxWriter w, String a, String b) {
        String remainder = w.op("Mod", List.of(a, b));
        return w.op("Div", List.of(w.op("Sub", List.of(a, remainder)), b));
    }

    /** ONNX's Mod of floats is C's fmod, whose sign is the dividend's. */
    private static String floatMod(OnnxWriter w, String a, String b) {
        String quotient = w.op("Floor", List.of(w.op("Div", List.of(a, b))));
        return w.op("Sub", List.of(a, w.op("Mul", List.of(quotient, b))));
    }
}
