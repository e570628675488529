package org.attention4j.x86;

import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * {@code e^x} in F32 lanes: {@code x = n ln 2 + r} with |r| ≤ ½ ln 2, and {@code e^x = 2^n · e^r}, with Taylor's polynomial of degree 7 for
 * e^r, whose error is below 6e-9. NaN stays NaN; what is too small becomes 0, what is too large infinite.
 */
final class Exponential {
    /** e to less is 0 in F32, e to more infinite; so 2^n is never computed of what n has no room for. */
    private static final float LEAST = -104;

    private static final float MOST = 89;
    private static final double LN2 = Math.log(2);

    /** ln 2 but for its last bits, so that its products with n are exact, and the rest. */
    private static final float LN2_HIGH = Float.intBitsToFloat(Float.floatToRawIntBits((float) LN2) & ~0xfff);

    private static final float[] CONSTANTS = {
        LEAST,
        MOST,
        (float) (1 / LN2),
        -LN2_HIGH,
        (float) (LN2_HIGH - LN2),
        1 / 5040f,
        1 / 720f,
        1 / 120f,
        1 / 24f,
        1 / 6f,
        1 / 2f,
        1,
        1
    };
    private static final int FIRST_COEFFICIENT = 5;

    private final Assembler a;
    private final Gpr constants;
    private final Label pool = new Label();

    /** @param constants a register that {@link #begin} sets and the function keeps */
    Exponential(Assembler a, Gpr constants) {
        this.a = a;
        this.constants = constants;
    }

    /** At the function's beginning. */
    void begin() {
        a.lea(constants, pool);
    }

    /** Behind the function's end. */
    void end() {
        a.place(pool);
        for (float constant : CONSTANTS) {
            a.data(constant);
        }
    }

    /** {@code to = e^x}; x and {@code n} are overwritten, and none of the three is another. */
    void of(int to, int x, int n) {
        polynomial(to, x, n, CONSTANTS.length);
        a.vscalefps(to, to, n);
    }

    /** {@code to = e^x − 1}, with all its digits where x is near 0 too; x and {@code n} are overwritten. */
    void minusOne(int to, int x, int n) {
        polynomial(to, x, n, CONSTANTS.length - 1);
        // e^r − 1 = r p, and 2^n (e^r − 1) + (2^n − 1).
        a.vmulps(to, to, x);
        a.vbroadcastss(x, constant(CONSTANTS.length - 1));
        a.vscalefps(n, x, n);
        a.vmulps(to, to, n);
        a.vsubps(n, n, x);
        a.vaddps(to, to, n);
    }

    /** Takes x apart into r, which is left in x, and n, and computes the polynomial of r with coefficients up to {@code end}. */
    private void polynomial(int to, int x, int n, int end) {
        a.vbroadcastss(n, constant(0));
        a.vmaxps(x, n, x);
        a.vbroadcastss(n, constant(1));
        a.vminps(x, n, x);
        a.vmulpsBroadcast(n, x, constant(2));
        a.vrndscaleps(n, n);
        a.vfmadd231psBroadcast(x, n, constant(3));
        a.vfmadd231psBroadcast(x, n, constant(4));
        a.vbroadcastss(to, constant(FIRST_COEFFICIENT));
        for (int i = FIRST_COEFFICIENT + 1; i < end; i++) {
            a.vfmadd213psBroadcast(to, x, constant(i));
        }
    }

    private Mem constant(int index) {
        return Mem.at(constants, index * Float.BYTES);
    }
}
