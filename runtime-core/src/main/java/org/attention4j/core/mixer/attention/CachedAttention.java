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

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        AttentionInputs in = new AttentionInputs(extras, 6, inputs);
        Value query = inputs.get(0);
        Value key = b.transpose(inputs.get(1), 0, 2, 1, 3);
        Value value = b.transpose(inputs.get(2), 0, 2, 1, 3);
        Value pastKey = inputs.get(3);
        Value pastValue = inputs.get(4);
        Value position = inputs.get(5);
        Dim seq = query.type().dim(1);
        Dim slots = pastKey.type().dim(2);
        Value offsets = b.unsqueeze(b.iota(seq), 0);
        Value positions = b.add(b.unsqueeze(position, 1), offsets);
        Value newPositions = in.find(AttentionInput.LENGTHS)
                .map(n -> b.where(
                        b.binary(BinaryKind.LESS, offsets, b.unsqueeze(n, 1)), positions, b.scalar(DType.I64, -1)))
                .orElse(positions);
        KvRing ring = new KvRing(b, retention);
        Scores scores = new Scores(b, spec, positions);

        Value toPast = scores.against(
                query,
                pastKey,
                ring.positions(slots, position),
                in.find(AttentionInput.PAST_BIAS),
                Optional.empty(),
                in);
        Value toNew = scores.against(query, key, newPositions, in.find(AttentionInput.BIAS), Optional.empty(), in);
        PartialAttention result =
                PartialAttention.of(b, spec, toPast, pastValue).merge(b, PartialAttention.of(b, spec, toNew, value));
        if (in.find(AttentionInput.SINK_LOGITS).isPresent()) {
            result = result.withSink(b, scores.perHead(in.get(AttentionInput.SINK_LOGITS)));
        }
        Value added = in.find(AttentionInput.LENGTHS).orElseGet(() -> b.sizeOf(seq));
        Value after = ring.positions(slots, b.add(position, added));
        return ImmutableList.of(
                result.finish(b, spec),
                ring.write(pastKey, key, after, position),
                ring.write(pastValue, value, after, position));
    }
}
