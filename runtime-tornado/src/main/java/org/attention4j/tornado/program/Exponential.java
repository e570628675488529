package org.attention4j.tornado.program;

import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.Code;

/** Kernels that want e to a logarithm many times get it from memory. */
public final class Exponential {
    private Exponential() {}

    /** e to the value's elements, in memory that is freed after the op: computed along with the value if that is no more work. */
    public static Expr.Load of(Lowerer l, Value log) {
        Expr e = exp(l, log);
        if (!l.isLastReader(log) || !Emitter.fits(e, 1)) {
            l.stored(log);
            e = exp(l, log);
        }
        return l.copy(new Held(e, l.get(log).dims()));
    }

    private static Expr exp(Lowerer l, Value log) {
        return Expr.apply(Code.EXP, true, l.get(log).expr());
    }
}
