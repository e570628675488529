package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
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

    /** {@link #lerp(String)} with several parameters at once. */
    Map<String, Value> lerps(List<String> mus) {
        List<Value> in = new ArrayList<>(List.of(x, change));
        mus.forEach(mu -> in.add(c.parameters().get(mu)));
        List<Value> mixes = b.call(new TokenMix(mus.size()), in);
        ImmutableMap.Builder<String, Value> out = ImmutableMap.builder();
        for (int i = 0; i < mixes.size(); i++) {
            out.put(mus.get(i), mixes.get(i));
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
