package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.tensor.DType;

/**
 * Softmax attention to given keys and values: see the package's formulas.
 *
 * <p>Inputs: {@code query [batch, seq, numHeads, headDim]}, {@code key [batch, numKvHeads, keys, headDim]},
 * {@code value [batch, numKvHeads, keys, valueDim]}, all F32, then the extras. Result:
 * {@code F32[batch, seq, numHeads, valueDim]}. Without positions, keys are at 0, 1, … and the last query stands at the last
 * key.
 *
 * @param spec what is computed
 * @param extras which further inputs there are; of those, all but {@code LENGTHS} and {@code PAST_BIAS}
 */
public record Attention(AttentionSpec spec, Set<AttentionInput> extras) implements ValueMixing {
    private static final Set<AttentionInput> CACHE_ONLY =
            Sets.immutableEnumSet(AttentionInput.LENGTHS, AttentionInput.PAST_BIAS);

    public Attention {
        extras = Sets.immutableEnumSet(extras);
        if (!Sets.intersection(extras, CACHE_ONLY).isEmpty()) {
            throw new IllegalArgumentException("attention: %s need a cache".formatted(CACHE_ONLY));
        }
        if (extras.contains(AttentionInput.QUERY_POSITIONS) != extras.contains(AttentionInput.KEY_POSITIONS)) {
            throw new IllegalArgumentException("attention: query and key positions come together, got " + extras);
        }
    }

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public List<String> inputNames() {
        return AttentionInputs.names(extras, "query", "key", "value");
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return Optional.of(new MixedValues("value", 2, MixedValues.Mixing.BY_HEAD, true));
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        TensorType q = in.get(0);
        AttentionTypes.require(name(), "query", q, q.dim(0), q.dim(1), Dim.of(spec.numHeads()), Dim.of(spec.headDim()));
        Dim kv = Dim.of(spec.numKvHeads());
        AttentionTypes.require(name(), "key", in.get(1), q.dim(0), kv, in.get(1).dim(2), Dim.of(spec.headDim()));
        AttentionTypes.require(
                name(), "value", in.get(2), q.dim(0), kv, in.get(1).dim(2), Dim.of(spec.valueDim()));
        AttentionTypes.requireExtras(
                this, spec, in, q.dim(0), q.dim(1), in.get(1).dim(2));
        Dim heads = Dim.of(spec.numHeads());
        return ImmutableList.of(TensorType.of(DType.F32, q.dim(0), q.dim(1), heads, Dim.of(spec.valueDim())));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        AttentionInputs in = new AttentionInputs(extras, 3, inputs);
        Value query = inputs.get(0);
        Dim seq = query.type().dim(1);
        Dim keys = inputs.get(1).type().dim(2);
        Value keyPositions = in.find(AttentionInput.KEY_POSITIONS).orElseGet(() -> b.unsqueeze(b.iota(keys), 0));
        Value queryPositions = in.find(AttentionInput.QUERY_POSITIONS).orElseGet(() -> {
            Value first = b.sub(b.sizeOf(keys), b.sizeOf(seq));
            return b.unsqueeze(b.add(b.iota(seq), first), 0);
        });
        Scores scores = new Scores(b, spec, queryPositions);
        Value s = scores.against(
                query, inputs.get(1), keyPositions, in.find(AttentionInput.BIAS), in.find(AttentionInput.MASK), in);
        PartialAttention result = PartialAttention.of(b, spec, s, inputs.get(2));
        if (in.find(AttentionInput.SINK_LOGITS).isPresent()) {
            result = result.withSink(b, scores.perHead(in.get(AttentionInput.SINK_LOGITS)));
        }
        return ImmutableList.of(result.finish(b, spec));
    }
}
