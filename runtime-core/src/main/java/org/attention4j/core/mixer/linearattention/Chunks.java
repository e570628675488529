package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.recurrence.ChunkedRecurrence;

/**
 * What chunks need that does not depend on the state: Q, O, H and F of this package's description. Everything is {@code [batch,
 * chunks, heads, chunkSize, …]}.
 */
final class Chunks {
    private final LinearRecurrence op;
    private final GraphBuilder b;
    private final Value query;
    private final Value key;
    private final Value value;
    private final Optional<Value> bonus;
    private final List<Value> in;
    private final Pairs pairs;

    /** @param in as {@link LinearRecurrence#prepare} has them */
    Chunks(LinearRecurrence op, GraphBuilder b, List<Value> in) {
        this.op = op;
        this.b = b;
        this.in = in;
        this.query = heads(op.scaled(b, op.find(in, "query")));
        this.key = heads(op.find(in, "key"));
        this.value = heads(op.find(in, "value"));
        this.bonus = op.readBefore() ? Optional.of(op.find(in, "bonus")) : Optional.empty();
        this.pairs = switch (op.decay()) {
            case NONE -> new Pairs.OfUnchanged(b, op.chunkSize());
            case HEAD -> new Pairs.OfHeads(b, op.chunkSize(), b.transpose(op.find(in, "log_decay"), 0, 1, 3, 2));
            case KEY -> Pairs.ofKeys(b, op.chunkSize(), heads(op.find(in, "log_decay")), op.isBounded());
        };
    }

    /** {@code [batch, chunks, chunkSize, heads, dim]} with heads before tokens. */
    private Value heads(Value x) {
        return b.transpose(x, 0, 1, 3, 2, 4);
    }

    /** For the loop: H and, where the state fades or is replaced, F. To keep: Q and O. */
    ChunkedRecurrence.Prepared prepare() {
        Value fromKeys = bonus.map(u ->
                        b.add(pairs.before(query, key), pairs.ofSelf(b.mul(query, b.unsqueeze(u, 1)), key)))
                .orElseGet(() -> pairs.upTo(query, key));
        Value q = op.readBefore() ? pairs.fadedBefore(query) : pairs.faded(query);
        Value o = b.matMul(fromKeys, value);
        Value h = b.matMul(b.transpose(pairs.toEnd(key), 0, 1, 2, 4, 3), value);
        if (!op.lowRank()) {
            ImmutableList.Builder<Value> looped = ImmutableList.<Value>builder().add(h);
            pairs.end().ifPresent(looped::add);
            return new ChunkedRecurrence.Prepared(looped.build(), ImmutableList.of(q, o));
        }
        Value remove = heads(op.find(in, "remove"));
        Value write = heads(op.find(in, "write"));
        Value inverse = new TriangularInverse(b, op.chunkSize()).ofIdentityMinus(pairs.before(remove, write));
        Value a = b.matMul(inverse, pairs.fadedBefore(remove));
        Value n = b.matMul(inverse, b.matMul(pairs.before(remove, key), value));
        Value fromWrites = op.readBefore() ? pairs.before(query, write) : pairs.upTo(query, write);
        Value toEnd = b.transpose(pairs.toEnd(write), 0, 1, 2, 4, 3);
        Value f = b.add(pairs.endMatrix(key.type().dim(-1)), b.matMul(toEnd, a));
        return new ChunkedRecurrence.Prepared(
                ImmutableList.of(b.add(h, b.matMul(toEnd, n)), f),
                ImmutableList.of(b.add(q, b.matMul(fromWrites, a)), b.add(o, b.matMul(fromWrites, n))));
    }
}
