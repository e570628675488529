package org.attention4j.onnx.export;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.mixer.mla.LatentAttention;
import org.attention4j.core.rope.RopeTable;
import org.attention4j.core.tensor.DType;

/**
 * Writes the ops of a decoder's graph anew, with caches that grow by the tokens of a run in place of caches with room: what a layer
 * attends to is the cache followed by its new tokens, and that is the next cache. All tokens stay, also where a window hides them.
 */
final class GrowingCaches {
    /** Tokens in the caches before a run. */
    static final Dim PAST = Dim.symbol("past");

    /** Tokens in them after it. */
    static final Dim TOTAL = PAST.plus(Dims.SEQ);

    private static final Set<AttentionInput> KEPT =
            Sets.immutableEnumSet(AttentionInput.ALIBI_SLOPES, AttentionInput.SINK_LOGITS, AttentionInput.SINK_QUERY);

    private final GraphBuilder b;
    private final Value mask;
    private final long room;
    private final Map<Value, Value> mapped = new HashMap<>();

    /**
     * To write ops to {@code b}.
     *
     * @param mask {@code BOOL[batch, 1, 1, past + seq]}: true for tokens that are no padding
     * @param room the tokens by which rotations go that depend on a sequence's length
     */
    GrowingCaches(GraphBuilder b, Value mask, long room) {
        this.b = b;
        this.mask = mask;
        this.room = room;
    }

    /** Says what a value of the old graph is in the new one. */
    void map(Value old, Value now) {
        mapped.put(old, now);
    }

    /** The new value of an old one. */
    Value mapped(Value old) {
        return requireNonNull(mapped.get(old), () -> old + " is read before it is computed");
    }

    private List<Value> mapped(List<Value> old) {
        return old.stream().map(this::mapped).toList();
    }

    /** Appends ops of the old graph, in order. */
    void append(List<Op> ops) {
        for (Op op : ops) {
            if (!mapped.containsKey(op.outputs().getFirst())) {
                List<Value> out = append(op);
                for (int i = 0; i < out.size(); i++) {
                    mapped.put(op.outputs().get(i), out.get(i));
                }
            }
        }
    }

    private List<Value> append(Op op) {
        return switch (op) {
            case Primitive p -> b.primitive(withTotal(p.op()), mapped(p.inputs()));
            case Scan s -> b.scan(s.body(), s.numCarried(), s.numScanned(), s.axis(), mapped(s.inputs()));
            case Composite c ->
                switch (c.op()) {
                    case CachedAttention attention -> attend(attention, c);
                    case LatentAttention latent -> absorb(latent, c);
                    case Attention attention when attention.spec().causal() -> attendShared(attention, c);
                    case RopeTable table
                    when table.givenLength() ->
                        b.call(table, List.of(mapped(c.input("positions")), b.scalar(DType.I64, (double) room)));
                    default -> b.call(c.op(), mapped(c.inputs()));
                };
        };
    }

    private List<Value> attend(CachedAttention op, Composite c) {
        AttentionSpec spec = op.spec();
        Map<AttentionInput, Value> extras = extras(op.extras(), c);
        extras.put(AttentionInput.MASK, mask);
        Value keys = grown(c, "key");
        Value values = op.valuesInKeys() ? b.slice(keys, 3, 0, spec.valueDim()) : grown(c, "value");
        ImmutableList<Value> in = ImmutableList.<Value>builder()
                .add(mapped(c.input("query")), keys, values)
                .addAll(extras.values())
                .build();
        Value y = b.call(new Attention(spec, extras.keySet()), in).getFirst();
        return op.valuesInKeys() ? List.of(y, keys) : List.of(y, keys, values);
    }

    private Map<AttentionInput, Value> extras(Set<AttentionInput> names, Composite c) {
        Map<AttentionInput, Value> extras = new EnumMap<>(AttentionInput.class);
        for (AttentionInput name : names) {
            if (!KEPT.contains(name)) {
                throw new IllegalArgumentException(
                        "%s: attention with %s has no form with growing caches".formatted(c.label(), name.inputName()));
            }
            extras.put(name, mapped(c.input(name.inputName())));
        }
        return extras;
    }

    /** {@code [batch, heads, past, dim]} followed by {@code [batch, seq, heads, dim]}: {@code [batch, heads, past + seq, dim]}. */
    private Value grown(Composite c, String name) {
        Value fresh = b.transpose(mapped(c.input(name)), 0, 2, 1, 3);
        return b.concat(2, mapped(c.input("past_" + name)), fresh);
    }

    /** Attention to latent vectors by the absorbed way, which is attention to a cache. */
    private List<Value> absorb(LatentAttention op, Composite c) {
        GraphBuilder inner = new GraphBuilder(c.label());
        GrowingCaches same = new GrowingCaches(b, mask, room);
        List<Value> in = new ArrayList<>();
        for (Value old : c.inputs()) {
            Value given = inner.input("in." + in.size(), old.type());
            same.map(given, mapped(old));
            in.add(given);
        }
        List<Value> out = op.absorb(inner, in);
        inner.result("y", out.get(0));
        inner.result("cache", out.get(1));
        same.append(inner.build().ops());
        return same.mapped(out);
    }

    /** Attention to the cache of an earlier layer, whose new value holds the new tokens already. */
    private List<Value> attendShared(Attention op, Composite c) {
        if (!op.extras().contains(AttentionInput.KEY_POSITIONS)) {
            return b.call(op, mapped(c.inputs()));
        }
        Map<AttentionInput, Value> extras = new EnumMap<>(AttentionInput.class);
        op.extras().stream()
                .filter(KEPT::contains)
                .forEach(name -> extras.put(name, mapped(c.input(name.inputName()))));
        extras.put(AttentionInput.MASK, mask);
        ImmutableList<Value> in = ImmutableList.<Value>builder()
                .addAll(mapped(c.inputs().subList(0, 3)))
                .addAll(extras.values())
                .build();
        return b.call(new Attention(op.spec(), extras.keySet()), in);
    }

    /** What went by the room of a cache goes by the tokens in it. */
    private static PrimitiveOp withTotal(PrimitiveOp op) {
        return switch (op) {
            case PrimitiveOp.Iota(Dim size) -> new PrimitiveOp.Iota(withTotal(size));
            case PrimitiveOp.SizeOf(Dim dim) -> new PrimitiveOp.SizeOf(withTotal(dim));
            case PrimitiveOp.Reshape(List<Dim> dims) -> new PrimitiveOp.Reshape(withTotal(dims));
            case PrimitiveOp.Broadcast(List<Dim> dims) -> new PrimitiveOp.Broadcast(withTotal(dims));
            default -> op;
        };
    }

    private static List<Dim> withTotal(List<Dim> dims) {
        return dims.stream().map(GrowingCaches::withTotal).toList();
    }

    private static Dim withTotal(Dim dim) {
        return dim.equals(Dims.CONTEXT) ? TOTAL : dim;
    }
}
