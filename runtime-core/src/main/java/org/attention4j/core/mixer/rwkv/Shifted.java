package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;

/** A layer's tokens beside those before them, and what all versions write with them. */
final class Shifted {
    private final MixContext c;
    private final GraphBuilder b;
    private final Value x;
    private final Value change;
    private final Value last;

    Shifted(MixContext c, Value state, Value x) {
        this.c = c;
        this.b = c.builder();
        this.x = x;
        List<Value> shifted = TokenShift.append(c, state, x);
        this.change = b.sub(shifted.get(0), x);
        this.last = shifted.get(1);
    }

    /** The next state of the shift. */
    Value last() {
        return last;
    }

    /** {@code x + (x_{t−1} − x) ⊙ μ} with the parameter μ of this name. */
    Value lerp(String mu) {
        return lerp(parameter(mu));
    }

    Value lerp(Value mu) {
        return b.add(x, b.mul(change, mu));
    }

    /** {@link #lerp(String)} with several parameters at once, which is less work than one after the other. */
    Map<String, Value> lerps(List<String> mus) {
        Dim hidden = x.type().dim(2);
        Value[] rows = mus.stream()
                .map(mu -> b.reshape(parameter(mu), Dim.of(1), hidden))
                .toArray(Value[]::new);
        Value all = b.add(b.unsqueeze(x, 2), b.mul(b.unsqueeze(change, 2), b.concat(0, rows)));
        long size = x.type().fixedDim(2);
        Value flat = b.reshape(all, x.type().dim(0), x.type().dim(1), Dim.of(rows.length * size));
        ImmutableMap.Builder<String, Value> out = ImmutableMap.builder();
        for (int i = 0; i < rows.length; i++) {
            out.put(mus.get(i), b.slice(flat, -1, i * size, (i + 1) * size));
        }
        return out.buildOrThrow();
    }

    /** A parameter as F32. */
    Value parameter(String name) {
        return b.toF32(c.parameters().get(name));
    }

    /** {@code second · f(first · y)}, of low rank. */
    Value lowRank(String first, UnaryKind f, String second, Value y) {
        return c.linear(second, b.unary(f, c.linear(first, y)));
    }

    /** {@code second · first · y}, of low rank. */
    Value lowRank(String first, String second, Value y) {
        return c.linear(second, c.linear(first, y));
    }

    Value sigmoid(Value y) {
        return b.unary(UnaryKind.SIGMOID, y);
    }

    /** {@code [batch, seq, heads, hidden / heads]}. */
    Value heads(Value y, int numHeads) {
        long size = y.type().fixedDim(2) / numHeads;
        return b.reshape(y, y.type().dim(0), y.type().dim(1), Dim.of(numHeads), Dim.of(size));
    }
}
