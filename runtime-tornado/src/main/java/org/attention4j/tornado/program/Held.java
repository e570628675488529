package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A value of the graph while its program is written: how to compute it, and its dims. */
public final class Held {
    private final Expr expr;
    private final int[] dims;

    /** The dims are not copied, and nobody changes them. */
    public Held(Expr expr, int[] dims) {
        this.expr = expr;
        this.dims = dims;
    }

    /** How to compute it. */
    public Expr expr() {
        return expr;
    }

    /** The dims themselves. */
    public int[] dims() {
        return dims;
    }

    /** How many elements it has. */
    public long elements() {
        return elements(dims);
    }

    static long elements(int[] dims) {
        return Arrays.stream(dims).asLongStream().reduce(1, Math::multiplyExact);
    }

    /** The buffer and access if it lies in memory. */
    Optional<Expr.Load> stored() {
        return expr instanceof Expr.Load l ? Optional.of(l) : Optional.empty();
    }

    /** The place if it lies in memory in one piece, row-major, and not elsewhere in each iteration of a loop. */
    Optional<Expr.Load> dense() {
        return stored().filter(l -> {
            Access dense = Access.dense(l.access().base(), l.access().offset(), dims);
            boolean same = l.access().loops().equals(dense.loops());
            for (int d = 0; d < dims.length; d++) {
                same &= dims[d] == 1 || l.access().stride(d) == dense.stride(d);
            }
            return same;
        });
    }

    Set<Buffer> buffers() {
        Set<Buffer> all = new HashSet<>();
        expr.loads(l -> all.add(l.buffer()));
        return all;
    }
}
