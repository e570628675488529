package org.attention4j.tornado.program;

import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;
import org.attention4j.tornado.kernel.Code;

/** The instructions of elementwise primitives. */
final class Codes {
    private Codes() {}

    static Expr unary(UnaryKind kind, DType dtype, Expr x) {
        boolean isFloat = x.isFloat();
        int code = switch (kind) {
            case NEG -> isFloat ? Code.NEG : Code.INT_NEG;
            case ABS -> isFloat ? Code.ABS : Code.INT_ABS;
            case EXP -> Code.EXP;
            case LOG -> Code.LOG;
            case SQRT -> Code.SQRT;
            case RECIPROCAL -> Code.RECIPROCAL;
            case SIN -> Code.SIN;
            case COS -> Code.COS;
            case TANH -> Code.TANH;
            case SIGMOID -> Code.SIGMOID;
            case ERF -> Code.ERF;
            case FLOOR -> Code.FLOOR;
            case NOT -> Code.NOT;
        };
        return rounded(dtype, Expr.apply(code, isFloat, x));
    }

    static Expr binary(BinaryKind kind, DType dtype, Expr a, Expr b) {
        boolean isFloat = a.isFloat();
        int code = switch (kind) {
            case ADD -> isFloat ? Code.ADD : Code.INT_ADD;
            case SUB -> isFloat ? Code.SUB : Code.INT_SUB;
            case MUL -> isFloat ? Code.MUL : Code.INT_MUL;
            case DIV -> isFloat ? Code.DIV : Code.INT_DIV;
            case MOD -> isFloat ? Code.MOD : Code.INT_MOD;
            case POW -> Code.POW;
            case MIN -> isFloat ? Code.MIN : Code.INT_MIN;
            case MAX -> isFloat ? Code.MAX : Code.INT_MAX;
            case AND -> Code.INT_MIN;
            case OR -> Code.INT_MAX;
            case EQUAL -> isFloat ? Code.EQUAL : Code.INT_EQUAL;
            case LESS -> isFloat ? Code.LESS : Code.INT_LESS;
            case LESS_EQUAL -> isFloat ? Code.LESS_EQUAL : Code.INT_LESS_EQUAL;
        };
        Expr y = Expr.apply(code, isFloat && !kind.isComparison(), a, b);
        return kind.isComparison() ? y : rounded(dtype, y);
    }

    static Expr where(Expr condition, Expr a, Expr b) {
        return Expr.apply(a.isFloat() ? Code.WHERE_FLOAT : Code.WHERE_INT, a.isFloat(), condition, a, b);
    }

    static Expr cast(DType to, Expr x) {
        if (to == DType.BOOL) {
            return Expr.apply(x.isFloat() ? Code.IS_NOT_ZERO : Code.INT_IS_NOT_ZERO, false, x);
        }
        if (to.isFloat()) {
            Expr number = x.isFloat() ? x : Expr.apply(Code.INT_TO_FLOAT, true, x);
            return switch (to) {
                case F16 -> Expr.apply(Code.TO_F16, true, number);
                case BF16 -> Expr.apply(Code.TO_BF16, true, number);
                default -> number;
            };
        }
        return rounded(to, x.isFloat() ? Expr.apply(Code.TRUNCATE, false, x) : x);
    }

    /** As an integer dtype of fewer bits stores it; floats keep their precision between ops. */
    private static Expr rounded(DType dtype, Expr x) {
        return switch (dtype) {
            case I8 -> Expr.apply(Code.TO_I8, false, x);
            case U8 -> Expr.apply(Code.TO_U8, false, x);
            default -> x;
        };
    }

    /** Whether computing the expression again costs more than reading its value. */
    static boolean isCostly(Expr e) {
        return switch (e) {
            case Expr.Load l -> false;
            case Expr.Address a -> false;
            case Expr.Whole n -> false;
            case Expr.Gathered g -> true;
            case Expr.Product p -> true;
            case Expr.Apply a ->
                a.nodes().size() > 5
                        || (a.code() >= Code.EXP && a.code() <= Code.TO_BF16)
                        || a.code() == Code.POW
                        || a.args().stream().anyMatch(Codes::isCostly);
        };
    }
}
