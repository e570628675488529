package org.attention4j.core.ir;

/** The symbolic dims that all of the project's graphs share. */
public final class Dims {
    /** Independent sequences computed side by side. */
    public static final Dim BATCH = Dim.symbol("batch");

    /** Tokens given in one run. */
    public static final Dim SEQ = Dim.symbol("seq");

    /** Tokens for which a state that keeps them all has room. */
    public static final Dim CONTEXT = Dim.symbol("context");

    /** Tokens of one run for which logits are computed. */
    public static final Dim ROWS = Dim.symbol("rows");

    private Dims() {}
}
