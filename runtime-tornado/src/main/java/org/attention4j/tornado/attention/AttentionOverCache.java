package org.attention4j.tornado.attention;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.core.state.Retention;
import org.attention4j.tornado.kernel.AttentionKernel;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.program.Access;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/**
 * New tokens are written to the caches, in place, by whatever computes them, and the queries attend to these alone. A run of so many tokens that
 * some would be overwritten before a query sees them is computed by the definition.
 */
@AutoService(TornadoLowering.class)
public final class AttentionOverCache implements TornadoLowering {
    private static final int TOKEN = 1;
    private static final Set<AttentionInput> KNOWN =
            Sets.immutableEnumSet(AttentionInput.LENGTHS, AttentionInput.ALIBI_SLOPES, AttentionInput.SINK_LOGITS);

    @Override
    public String name() {
        return "over_cache";
    }

    @Override
    public String op() {
        return "cached_attention";
    }

    @Override
    public Answer supports(Composite c) {
        CachedAttention op = (CachedAttention) c.op();
        if (!KNOWN.containsAll(op.extras())) {
            return Answer.no("the kernel takes none of " + Sets.difference(op.extras(), KNOWN));
        }
        if (op.spec().valueDim() > AttentionKernel.MOST_ENTRIES) {
            return Answer.no("the kernel's values have at most %d entries".formatted(AttentionKernel.MOST_ENTRIES));
        }
        return Answer.onlyIf(!op.valuesInKeys(), "the kernel has a cache for keys and one for values");
    }

    /** The definition. */
    @Override
    public List<Graph> parts(Composite c) {
        List<TensorType> types = c.inputs().stream().map(Value::type).toList();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            names.add("in." + i);
        }
        return ImmutableList.of(Recurrence.graph(c.label(), types, names, (b, in) -> c.op().decompose(b, in)));
    }

    @Override
    public void lower(Lowerer l, Composite c, List<Graph> parts) {
        CachedAttention op = (CachedAttention) c.op();
        int seq = l.dims(c.input("query"))[1];
        int slots = l.dims(c.input("past_key"))[2];
        if (seq > op.maxTokensToWriteFirst(slots)) {
            l.inline(parts.getFirst(), c);
            return;
        }
        Expr.Load position = l.stored(c.input("position"));
        Expr.Load lengths = c.findInput("lengths").map(l::stored).orElseGet(() -> l.whole(seq));
        Expr.Load keys = write(l, c, "key", "past_key", position, lengths);
        Expr.Load values = write(l, c, "value", "past_value", position, lengths);
        Expr.Load result = new Attending(l, c).to(keys, values, position, lengths);
        l.define(c.outputs().get(0), new Held(result, l.dims(c.outputs().get(0))));
        l.define(c.outputs().get(1), new Held(keys, l.dims(c.input("past_key"))));
        l.define(c.outputs().get(2), new Held(values, l.dims(c.input("past_value"))));
    }

    /** Writes the new tokens {@code [batch, token, head, entry]} to the cache {@code [batch, head, slot, entry]}. */
    private static Expr.Load write(
            Lowerer l, Composite c, String fresh, String past, Expr.Load position, Expr.Load lengths) {
        Expr.Load cache = l.toOverwrite(c.input(past));
        Access a = cache.access();
        int slots = l.dims(c.input(past))[2];
        Access whatever = a.withStrides(a.stride(0), 0, a.stride(1), a.stride(3));
        Expr slot = slot(((CachedAttention) c.op()).retention(), slots, perSequence(position));
        Expr isToken = Expr.apply(Code.INT_LESS, false, Lowerer.along(TOKEN, 4), perSequence(lengths));
        Expr index = Expr.apply(Code.WHERE_INT, false, isToken, slot, new Expr.Whole(-1));
        l.scatter(c.input(fresh), index, new Expr.Load(cache.buffer(), whatever), a.stride(2), slots);
        return cache;
    }

    /** The slot of each new token: see {@link Retention#slotOf}. */
    private static Expr slot(Retention retention, int slots, Expr position) {
        Expr at = Expr.apply(Code.INT_ADD, false, position, Lowerer.along(TOKEN, 4));
        if (retention instanceof Retention.All) {
            return at;
        }
        if (retention.numSinks() == 0) {
            return Expr.apply(Code.INT_MOD, false, at, new Expr.Whole(slots));
        }
        Expr sinks = new Expr.Whole(retention.numSinks());
        Expr inRing = Expr.apply(
                Code.INT_MOD,
                false,
                Expr.apply(Code.INT_SUB, false, at, sinks),
                new Expr.Whole(slots - retention.numSinks()));
        return Expr.apply(
                Code.WHERE_INT,
                false,
                Expr.apply(Code.INT_LESS, false, at, sinks),
                at,
                Expr.apply(Code.INT_ADD, false, inRing, sinks));
    }

    /** A number of each sequence, for every element of its tokens. */
    private static Expr perSequence(Expr.Load numbers) {
        return new Expr.Load(numbers.buffer(), numbers.access().insert(1, 3));
    }
}
