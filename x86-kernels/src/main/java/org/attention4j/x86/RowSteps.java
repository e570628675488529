package org.attention4j.x86;

import static org.attention4j.x86.asm.Gpr.RAX;

import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.x86.asm.Assembler;

/** Functions of one or two numbers, in lanes: of {@link #X}, or of X and {@link #Y}; the result is in X, and all others are overwritten. */
final class RowSteps {
    static final int X = 0;
    static final int Y = 1;
    private static final int OTHER = 2;

    private static final int ONE = 16;
    private static final int TWO = 17;
    private static final int SIGN = 18;
    private static final int LARGE = 19;

    /** tanh of half of it is 1 in F32. */
    private static final float TWICE_A_LARGE_NUMBER = 40;

    private final Assembler a;
    private final Exponential exponential;

    RowSteps(Assembler a, Exponential exponential) {
        this.a = a;
        this.exponential = exponential;
    }

    /** At the function's beginning: registers 16 to 19 are set, and must stay. */
    void begin() {
        constant(ONE, Float.floatToRawIntBits(1));
        constant(TWO, Float.floatToRawIntBits(2));
        constant(SIGN, Integer.MIN_VALUE);
        constant(LARGE, Float.floatToRawIntBits(TWICE_A_LARGE_NUMBER));
    }

    /** The same 32 bits in each lane; RAX is overwritten. */
    void constant(int register, int bits) {
        a.mov(RAX, bits);
        a.vpbroadcastd(register, RAX);
    }

    void unary(UnaryKind kind) {
        switch (kind) {
            case NEG -> a.vpxord(X, X, SIGN);
            case ABS -> {
                a.vpord(X, X, SIGN);
                a.vpxord(X, X, SIGN);
            }
            case SQRT -> a.vsqrtps(X, X);
            case RECIPROCAL -> a.vdivps(X, ONE, X);
            case EXP -> {
                exponential.of(OTHER, X, Y);
                a.vpord(X, OTHER, OTHER);
            }
            case SIGMOID -> {
                a.vpxord(X, X, SIGN);
                exponential.of(OTHER, X, Y);
                a.vaddps(OTHER, OTHER, ONE);
                a.vdivps(X, ONE, OTHER);
            }
            case TANH -> tanh();
            case LOG, SIN, COS, ERF, FLOOR, NOT ->
                throw new IllegalArgumentException("row function: no code for " + kind);
        }
    }

    /** {@code tanh x = t / (t + 2)} with {@code t = e^2x − 1}. */
    private void tanh() {
        a.vaddps(X, X, X);
        a.vminps(X, LARGE, X);
        a.vpxord(Y, LARGE, SIGN);
        a.vmaxps(X, Y, X);
        exponential.minusOne(OTHER, X, Y);
        a.vaddps(Y, OTHER, TWO);
        a.vdivps(X, OTHER, Y);
    }

    void binary(BinaryKind kind) {
        switch (kind) {
            case ADD -> a.vaddps(X, X, Y);
            case SUB -> a.vsubps(X, X, Y);
            case MUL -> a.vmulps(X, X, Y);
            case DIV -> a.vdivps(X, X, Y);
            // The processor's choose the second where there is a NaN: both orders together have it wherever it was.
            case MIN -> {
                a.vminps(OTHER, X, Y);
                a.vminps(X, Y, X);
                a.vpord(X, X, OTHER);
            }
            case MAX -> {
                a.vmaxps(OTHER, X, Y);
                a.vmaxps(X, Y, X);
                a.vpord(X, X, OTHER);
            }
            case MOD, POW, EQUAL, LESS, LESS_EQUAL, AND, OR ->
                throw new IllegalArgumentException("row function: no code for " + kind);
        }
    }
}
