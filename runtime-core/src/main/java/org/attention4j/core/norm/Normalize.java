package org.attention4j.core.norm;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/** What the norms of this package share. */
final class Normalize {
    private Normalize() {}

    /** {@code x / √(R(x²) + eps)} over the last dimension, R being the sum or the mean. */
    static Value byRoot(GraphBuilder b, ReduceKind kind, Value x, double eps) {
        Value squares = b.reduce(kind, b.mul(x, x), true, -1);
        return b.div(x, b.unary(UnaryKind.SQRT, b.add(squares, eps)));
    }

    /** {@code (x − μ) / √(σ² + eps)} over the last dimension. */
    static Value standardize(GraphBuilder b, Value x, double eps) {
        Value centered = b.sub(x, b.reduce(ReduceKind.MEAN, x, true, -1));
        return byRoot(b, ReduceKind.MEAN, centered, eps);
    }

    /** x with its last dimension split into {@code groups} rows of {@code size}. */
    static Value split(GraphBuilder b, Value x, long groups, long size) {
        List<Dim> dims = new ArrayList<>(x.type().dims());
        dims.set(dims.size() - 1, Dim.of(groups));
        dims.add(Dim.of(size));
        return b.reshape(x, dims);
    }

    /** Checks that x's last dimension is a known multiple of {@code divisor}. */
    static void requireMultiple(InputTypes in, TensorType x, String what, long divisor) {
        boolean fits = x.dim(-1) instanceof Dim.Fixed(long size) && size % divisor == 0;
        in.require(fits, "x", "a last dimension that is a multiple of %s %d".formatted(what, divisor));
    }

    /** Checks an epsilon when an op is made. */
    static void requireEps(String op, double eps) {
        if (!(eps >= 0) || Double.isInfinite(eps)) {
            throw new IllegalArgumentException("%s: eps is %s, expected a number of at least 0".formatted(op, eps));
        }
    }
}
