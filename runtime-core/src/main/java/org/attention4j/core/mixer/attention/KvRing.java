package org.attention4j.core.mixer.attention;

import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;

/**
 * Where a KV cache keeps which token, as values of a graph. With s sink slots and a ring of R = capacity − s others, slot i
 * below s holds position i, and slot s + j, once n tokens have been seen, the greatest position s + r with r &lt; n − s and
 * r ≡ j (mod R). A cache that keeps every token is a ring that is never full.
 */
final class KvRing {
    private final GraphBuilder b;
    private final Retention retention;

    KvRing(GraphBuilder b, Retention retention) {
        this.b = b;
        this.retention = retention;
    }

    /**
     * The position that each slot holds, {@code I64[batch, capacity]}; negative for an empty one.
     *
     * @param length {@code I64[batch]}: tokens seen
     */
    Value positions(Dim capacity, Value length) {
        int s = retention.numSinks();
        Value slot = b.unsqueeze(b.iota(capacity), 0);
        Value n = b.unsqueeze(length, 1);
        Value ring = b.sub(b.sizeOf(capacity), b.scalar(DType.I64, s));
        Value newest = b.add(n, -1.0 - s);
        Value j = b.add(slot, -s);
        Value r = b.sub(newest, b.binary(BinaryKind.MOD, b.sub(newest, j), ring));
        Value inRing = b.where(b.binary(BinaryKind.LESS, r, b.scalar(DType.I64, 0)), minusOne(), b.add(r, s));
        if (s == 0) {
            return inRing;
        }
        Value asSink = b.where(b.binary(BinaryKind.LESS, slot, n), slot, minusOne());
        return b.where(b.binary(BinaryKind.LESS, slot, b.scalar(DType.I64, s)), asSink, inRing);
    }

    /**
     * The cache after new tokens are written: each slot takes the token whose position it holds then, or stays.
     *
     * @param cache {@code [batch, kvHeads, capacity, dim]}
     * @param fresh {@code [batch, kvHeads, seq, dim]}: tokens from {@code position} on
     * @param after {@code I64[batch, capacity]}: {@link #positions} after these tokens
     * @param position {@code I64[batch]}: tokens seen before
     */
    Value write(Value cache, Value fresh, Value after, Value position) {
        Value index = b.sub(after, b.unsqueeze(position, 1));
        Value taken = b.binary(BinaryKind.LESS_EQUAL, b.scalar(DType.I64, 0), index);
        Value source = b.binary(BinaryKind.MAX, index, b.scalar(DType.I64, 0));
        Value rows = b.gatherElements(fresh, asColumn(source), 2);
        return b.where(asColumn(taken), rows, cache);
    }

    private Value asColumn(Value perSlot) {
        Dim one = Dim.of(1);
        return b.reshape(perSlot, perSlot.type().dim(0), one, perSlot.type().dim(1), one);
    }

    private Value minusOne() {
        return b.scalar(DType.I64, -1);
    }
}
