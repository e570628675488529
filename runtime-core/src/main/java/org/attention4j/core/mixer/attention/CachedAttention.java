package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;

/**
 * Causal softmax attention of new tokens to a KV cache and to each other, and the cache with the new tokens in it.
 *
 * <p>Inputs: {@code query [batch, seq, numHeads, headDim]}, {@code key [batch, seq, numKvHeads, headDim]},
 * {@code value [batch, seq, numKvHeads, valueDim]} of the new tokens, {@code past_key [batch, numKvHeads, slots, headDim]},
 * {@code past_value [batch, numKvHeads, slots, valueDim]}, all F32, {@code position I64[batch]}: tokens seen before; then the
 * extras. Results: {@code F32[batch, seq, numHeads, valueDim]}, and the next values of both caches. Slots are used as
 * {@link KvRing} says.
 *
 * @param spec what is computed; causal
 * @param retention which tokens stay in the cache
 * @param extras which further inputs there are: of {@code LENGTHS BIAS PAST_BIAS ALIBI_SLOPES SINK_LOGITS SINK_QUERY}
 */
public record CachedAttention(AttentionSpec spec, Retention retention, Set<AttentionInput> extras)
        implements CompositeOp {
    private static final Set<AttentionInput> STATELESS_ONLY =
            Sets.immutableEnumSet(AttentionInput.QUERY_POSITIONS, AttentionInput.KEY_POSITIONS, AttentionInput.MASK);

    public CachedAttention {
        extras = Sets.immutableEnumSet(extras);
        if (!spec.causal()) {
            throw new IllegalArgumentException("cached_attention: expected causal attention, got " + spec);
        }
        if (!Sets.intersection(extras, STATELESS_ONLY).isEmpty()) {
            throw new IllegalArgumentException(
                    "cached_attention: got %s, but takes none of %s".formatted(extras, STATELESS_ONLY));
        }
        if (extras.contains(AttentionInput.BIAS) != extras.contains(AttentionInput.PAST_BIAS)) {
            throw new IllegalArgumentException("cached_attention: bias and past_bias come together, got " + extras);
        }
    }

    @Override
    public String name() {
        return "cached_attention";
    }

    @Override
    public List<String> inputNames() {
        return AttentionInputs.names(extras, "query", "key", "value", "past_key", "past_value", "position");
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        TensorType q = in.get(0);
        Dim batch = q.dim(0);
        Dim seq = q.dim(1);
        Dim heads = Dim.of(spec.numHeads());
        Dim kv = Dim.of(spec.numKvHeads());
        Dim keyDim = Dim.of(spec.headDim());
        Dim valueDim = Dim.of(spec.valueDim());
        Dim slots = in.get(3).dim(2);
        AttentionTypes.require(name(), "query", q, batch, seq, heads, keyDim);
        AttentionTypes.require(name(), "key", in.get(1), batch, seq, kv, keyDim);
        AttentionTypes.require(name(), "value", in.get(2), batch, seq, kv, valueDim);
        AttentionTypes.require(name(), "past_key", in.get(3), batch, kv, slots, keyDim);
        AttentionTypes.require(name(), "past_value", in.get(4), batch, kv, slots, valueDim);
        AttentionTypes.requireType(name(), "position", in.get(5), TensorType.of(DType.I64, batch));
        AttentionTypes.requireExtras(this, spec, in, batch, seq, seq);
        return ImmutableList.of(TensorType.of(DType.F32, batch, seq, heads, valueDim), in.get(3), in.get(4));
    }

    /** Attends to the cache and to the new tokens apart, and merges; so it holds for any cache and any number of tokens. */
    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        AttentionInputs in = new AttentionInputs(extras, 6, inputs);
        Parts p = parts(b, in, inputs);
        Value past = p.ring.positions(p.slots, p.position);
        Optional<Value> pastBias = in.find(AttentionInput.PAST_BIAS);
        Value toPast = p.scores.against(p.query, inputs.get(3), past, pastBias, Optional.empty(), in);
        Value toNew = p.scores.against(
                p.query, p.key, newPositions(b, in, p), in.find(AttentionInput.BIAS), Optional.empty(), in);
        PartialAttention result = PartialAttention.of(b, spec, toPast, inputs.get(4))
                .merge(b, PartialAttention.of(b, spec, toNew, p.value));
        Value after = p.ring.positions(p.slots, p.length);
        return ImmutableList.of(
                finish(b, in, p, result),
                p.ring.write(inputs.get(3), p.key, after, p.position),
                p.ring.write(inputs.get(4), p.value, after, p.position));
    }

    /**
     * The same results by another way: the new tokens are written to the cache ({@link KvWrite}), and the queries attend to
     * that alone. The old cache is read by nothing else, so a backend can write in place. It holds only for runs of at most
     * {@link #maxTokensToWriteFirst} tokens, and without biases.
     */
    public List<Value> writeFirst(GraphBuilder b, List<Value> inputs) {
        AttentionInputs in = new AttentionInputs(extras, 6, inputs);
        Parts p = parts(b, in, inputs);
        KvWrite write = new KvWrite(retention);
        Value keys = b.apply(write, inputs.get(3), p.key, p.position, p.length);
        Value values = b.apply(write, inputs.get(4), p.value, p.position, p.length);
        Value positions = p.ring.positions(p.slots, p.length);
        Value scores = p.scores.against(p.query, keys, positions, Optional.empty(), Optional.empty(), in);
        PartialAttention result = PartialAttention.of(b, spec, scores, values);
        return ImmutableList.of(finish(b, in, p, result), keys, values);
    }

    /**
     * The most tokens that a run may have for {@link #writeFirst}, so that none overwrites one that an earlier query of the
     * same run still sees.
     *
     * @param slots the cache's slots; a cache that keeps every token has no limit but these
     */
    public long maxTokensToWriteFirst(long slots) {
        long ring = slots - retention.numSinks();
        return spec.window() == 0 ? ring : ring - spec.window() + 1;
    }

    /** What both ways begin with: keys and values are {@code [batch, kvHeads, seq, dim]}. */
    private record Parts(
            KvRing ring, Scores scores, Value query, Value key, Value value, Value position, Value length, Dim slots) {}

    private Parts parts(GraphBuilder b, AttentionInputs in, List<Value> inputs) {
        Value query = inputs.get(0);
        Value position = inputs.get(5);
        Dim seq = query.type().dim(1);
        Value positions = b.add(b.unsqueeze(position, 1), b.unsqueeze(b.iota(seq), 0));
        Value added = in.find(AttentionInput.LENGTHS).orElseGet(() -> b.sizeOf(seq));
        return new Parts(
                new KvRing(b, retention),
                new Scores(b, spec, positions),
                query,
                b.transpose(inputs.get(1), 0, 2, 1, 3),
                b.transpose(inputs.get(2), 0, 2, 1, 3),
                position,
                b.add(position, added),
                inputs.get(3).type().dim(2));
    }

    /** The positions of the new tokens, {@code I64[batch, seq]}; negative for padding. */
    private static Value newPositions(GraphBuilder b, AttentionInputs in, Parts p) {
        Value offsets = b.unsqueeze(b.iota(p.query.type().dim(1)), 0);
        Value positions = b.add(b.unsqueeze(p.position, 1), offsets);
        return in.find(AttentionInput.LENGTHS)
                .map(n -> b.where(
                        b.binary(BinaryKind.LESS, offsets, b.unsqueeze(n, 1)), positions, b.scalar(DType.I64, -1)))
                .orElse(positions);
    }

    private Value finish(GraphBuilder b, AttentionInputs in, Parts p, PartialAttention result) {
        return in.find(AttentionInput.SINK_LOGITS)
                .map(logits -> result.withSink(b, p.scores.perHead(logits)))
                .orElse(result)
                .finish(b, spec);
    }
}
