package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
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
 * @param valuesInKeys whether the first {@code valueDim} entries of a key are its value; then there is neither {@code value} nor
 *     {@code past_value}, and only one cache is returned
 */
public record CachedAttention(AttentionSpec spec, Retention retention, Set<AttentionInput> extras, boolean valuesInKeys)
        implements ValueMixing {
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
        if (valuesInKeys && spec.valueDim() > spec.headDim()) {
            throw new IllegalArgumentException(
                    "cached_attention: valueDim %d is more than headDim %d of the keys it is in"
                            .formatted(spec.valueDim(), spec.headDim()));
        }
    }

    /** Attention whose values are kept beside the keys. */
    public CachedAttention(AttentionSpec spec, Retention retention, Set<AttentionInput> extras) {
        this(spec, retention, extras, false);
    }

    @Override
    public String name() {
        return "cached_attention";
    }

    @Override
    public List<String> inputNames() {
        return valuesInKeys
                ? AttentionInputs.names(extras, "query", "key", "past_key", "position")
                : AttentionInputs.names(extras, "query", "key", "value", "past_key", "past_value", "position");
    }

    /** The inputs that are always there; with values in keys, these stand for both. */
    private record Given<T>(T query, T key, T value, T pastKey, T pastValue, T position) {}

    private <T> Given<T> given(List<T> in) {
        return valuesInKeys
                ? new Given<>(in.get(0), in.get(1), in.get(1), in.get(2), in.get(2), in.get(3))
                : new Given<>(in.get(0), in.get(1), in.get(2), in.get(3), in.get(4), in.get(5));
    }

    private AttentionInputs extras(List<Value> inputs) {
        return new AttentionInputs(extras, valuesInKeys ? 4 : 6, inputs);
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return valuesInKeys
                ? Optional.empty()
                : Optional.of(new MixedValues("value", 1, MixedValues.Mixing.BY_HEAD, true));
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        Given<TensorType> t = given(in);
        TensorType q = t.query;
        Dim batch = q.dim(0);
        Dim seq = q.dim(1);
        Dim heads = Dim.of(spec.numHeads());
        Dim kv = Dim.of(spec.numKvHeads());
        Dim keyDim = Dim.of(spec.headDim());
        Dim valueDim = Dim.of(spec.valueDim());
        Dim slots = t.pastKey.dim(2);
        AttentionTypes.require(name(), "query", q, batch, seq, heads, keyDim);
        AttentionTypes.require(name(), "key", t.key, batch, seq, kv, keyDim);
        AttentionTypes.require(name(), "past_key", t.pastKey, batch, kv, slots, keyDim);
        if (!valuesInKeys) {
            AttentionTypes.require(name(), "value", t.value, batch, seq, kv, valueDim);
            AttentionTypes.require(name(), "past_value", t.pastValue, batch, kv, slots, valueDim);
        }
        AttentionTypes.requireType(name(), "position", t.position, TensorType.of(DType.I64, batch));
        AttentionTypes.requireExtras(this, spec, in, batch, seq, seq);
        TensorType y = TensorType.of(DType.F32, batch, seq, heads, valueDim);
        return valuesInKeys ? ImmutableList.of(y, t.pastKey) : ImmutableList.of(y, t.pastKey, t.pastValue);
    }

    /** Attends to the cache and to the new tokens apart, and merges; so it holds for any cache and any number of tokens. */
    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        AttentionInputs in = extras(inputs);
        Given<Value> given = given(inputs);
        Parts p = parts(b, in, given);
        Value past = p.ring.positions(p.slots, given.position);
        Optional<Value> pastBias = in.find(AttentionInput.PAST_BIAS);
        Value toPast = p.scores.against(given.query, given.pastKey, past, pastBias, Optional.empty(), in);
        Value toNew = p.scores.against(
                given.query, p.key, newPositions(b, in, given), in.find(AttentionInput.BIAS), Optional.empty(), in);
        PartialAttention result = PartialAttention.of(b, kept(), toPast, given.pastValue)
                .merge(b, PartialAttention.of(b, kept(), toNew, p.value));
        Value after = p.ring.positions(p.slots, p.length);
        Value y = finish(b, in, p, result);
        Value keys = p.ring.write(given.pastKey, p.key, after, given.position);
        return valuesInKeys
                ? ImmutableList.of(y, keys)
                : ImmutableList.of(y, keys, p.ring.write(given.pastValue, p.value, after, given.position));
    }

    /**
     * The same results by another way: the new tokens are written to the cache ({@link KvWrite}), and the queries attend to
     * that alone. The old cache is read by nothing else, so a backend can write in place. It holds only for runs of at most
     * {@link #maxTokensToWriteFirst} tokens, and without biases.
     */
    public List<Value> writeFirst(GraphBuilder b, List<Value> inputs) {
        AttentionInputs in = extras(inputs);
        Given<Value> given = given(inputs);
        Parts p = parts(b, in, given);
        KvWrite write = new KvWrite(retention);
        Value keys = b.apply(write, given.pastKey, p.key, given.position, p.length);
        Value values = valuesInKeys ? keys : b.apply(write, given.pastValue, p.value, given.position, p.length);
        Value positions = p.ring.positions(p.slots, p.length);
        Value scores = p.scores.against(given.query, keys, positions, Optional.empty(), Optional.empty(), in);
        Value y = finish(b, in, p, PartialAttention.of(b, kept(), scores, values));
        return valuesInKeys ? ImmutableList.of(y, keys) : ImmutableList.of(y, keys, values);
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

    /** The sizes of what lies in the caches: values in keys are summed up as whole keys, so that the cache needs no copy. */
    private AttentionSpec kept() {
        return valuesInKeys ? spec.withValueDim(spec.headDim()) : spec;
    }

    /** What both ways begin with: keys and values are {@code [batch, kvHeads, seq, dim]}. */
    private record Parts(KvRing ring, Scores scores, Value key, Value value, Value length, Dim slots) {}

    private Parts parts(GraphBuilder b, AttentionInputs in, Given<Value> given) {
        Dim seq = given.query.type().dim(1);
        Value positions = b.add(b.unsqueeze(given.position, 1), b.unsqueeze(b.iota(seq), 0));
        Value added = in.find(AttentionInput.LENGTHS).orElseGet(() -> b.sizeOf(seq));
        Value key = b.transpose(given.key, 0, 2, 1, 3);
        return new Parts(
                new KvRing(b, retention),
                new Scores(b, spec, positions),
                key,
                valuesInKeys ? key : b.transpose(given.value, 0, 2, 1, 3),
                b.add(given.position, added),
                given.pastKey.type().dim(2));
    }

    /** The positions of the new tokens, {@code I64[batch, seq]}; negative for padding. */
    private static Value newPositions(GraphBuilder b, AttentionInputs in, Given<Value> given) {
        Value offsets = b.unsqueeze(b.iota(given.query.type().dim(1)), 0);
        Value positions = b.add(b.unsqueeze(given.position, 1), offsets);
        return in.find(AttentionInput.LENGTHS)
                .map(n -> b.where(
                        b.binary(BinaryKind.LESS, offsets, b.unsqueeze(n, 1)), positions, b.scalar(DType.I64, -1)))
                .orElse(positions);
    }

    private Value finish(GraphBuilder b, AttentionInputs in, Parts p, PartialAttention result) {
        Value y = in.find(AttentionInput.SINK_LOGITS)
                .map(logits -> result.withSink(b, p.scores.perHead(logits)))
                .orElse(result)
                .finish(b, kept());
        return valuesInKeys ? b.slice(y, 3, 0, spec.valueDim()) : y;
    }
}
