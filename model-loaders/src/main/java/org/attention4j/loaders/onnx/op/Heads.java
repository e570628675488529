package org.attention4j.loaders.onnx.op;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;

/**
 * One application of attention, put together from what ONNX's several operators for it have: queries {@code [batch, seq, heads,
 * dim]}, keys and values {@code [batch, heads, keys, dim]}.
 */
final class Heads {
    private final OnnxNode n;
    private final GraphBuilder b;
    private final Value query;
    private final Value key;
    private final Value value;
    private final Map<AttentionInput, Value> extras = new EnumMap<>(AttentionInput.class);
    private AttentionSpec spec;

    Heads(OnnxNode n, Value query, Value key, Value value) {
        this.n = n;
        this.b = n.builder();
        this.query = Elements.f32(n, query);
        this.key = Elements.f32(n, key);
        this.value = Elements.f32(n, value);
        n.equal(key.type().dim(0), query.type().dim(0));
        n.equal(value.type().dim(0), query.type().dim(0));
        n.equal(value.type().dim(2), key.type().dim(2));
        n.equal(key.type().dim(3), query.type().dim(3));
        int headDim = n.fixed(query.type().dim(3), "the size of heads");
        this.spec = AttentionSpec.bidirectional(
                        n.fixed(query.type().dim(2), "the number of heads"),
                        n.fixed(key.type().dim(1), "the number of key/value heads"),
                        headDim)
                .withValueDim(n.fixed(value.type().dim(3), "the size of values"));
    }

    /** {@code [batch, seq, heads·dim]} in heads {@code [batch, seq, heads, dim]}. */
    static Value split(OnnxNode n, Value x, long heads) {
        Dim hidden = x.type().dim(2);
        Dim each = DimAlgebra.divide(hidden, Dim.of(heads))
                .orElseThrow(() -> n.unsupported("%s entries in %d heads", hidden, heads));
        n.fixed(each, "the size of heads");
        return n.builder().reshape(x, x.type().dim(0), x.type().dim(1), Dim.of(heads), each);
    }

    /** {@code [batch, seq, heads, dim]} as {@code [batch, heads, seq, dim]}, or back. */
    static Value swap(OnnxNode n, Value x) {
        return n.builder().transpose(x, 0, 2, 1, 3);
    }

    /** {@code [batch, seq, heads, dim]} as {@code [batch, seq, heads·dim]}. */
    static Value join(OnnxNode n, Value x) {
        return n.builder()
                .reshape(
                        x,
                        x.type().dim(0),
                        x.type().dim(1),
                        x.type().dim(2).times(x.type().dim(3)));
    }

    Dim batch() {
        return query.type().dim(0);
    }

    Dim seq() {
        return query.type().dim(1);
    }

    Dim keys() {
        return key.type().dim(2);
    }

    AttentionSpec spec() {
        return spec;
    }

    void scale(double value) {
        spec = spec.withScale(value);
    }

    void softcap(double value) {
        spec = spec.withSoftcap(value);
    }

    /** A query sees {@code size} keys, its own among them. */
    void window(int size) {
        spec = spec.withWindow(size);
    }

    /** Learned logits of the heads that only enlarge the denominator. */
    void sinks(Value logits) {
        extras.put(AttentionInput.SINK_LOGITS, Elements.f32(n, logits));
    }

    /**
     * Query i sees key j up to i + offset.
     *
     * @param offset how many keys come before the first query's own
     */
    void causal(Dim offset) {
        spec = withCausal();
        // Without positions the last query stands at the last key.
        if (!keys().minus(seq()).equals(offset)) {
            Value first = n.value(Imported.Sizes.scalar(offset));
            positions(b.unsqueeze(b.add(b.iota(seq()), first), 0), b.unsqueeze(b.iota(keys()), 0));
        }
    }

    /** Query i of sequence b sees key j up to {@code i + offset[b]}; offset {@code I64[batch]}. */
    void causal(Value offset) {
        spec = withCausal();
        Value query = b.add(b.unsqueeze(b.iota(seq()), 0), b.unsqueeze(offset, 1));
        positions(query, b.unsqueeze(b.iota(keys()), 0));
    }

    private AttentionSpec withCausal() {
        return new AttentionSpec(
                spec.numHeads(),
                spec.numKvHeads(),
                spec.headDim(),
                spec.valueDim(),
                spec.scale(),
                true,
                spec.window(),
                0,
                spec.softcap(),
                0);
    }

    private void positions(Value ofQueries, Value ofKeys) {
        extras.put(AttentionInput.QUERY_POSITIONS, ofQueries);
        extras.put(AttentionInput.KEY_POSITIONS, ofKeys);
    }

    /** Of sequence b the first {@code lengths[b]} keys are visible. */
    void lengths(Value lengths) {
        Value key = b.reshape(b.iota(keys()), Dim.of(1), Dim.of(1), Dim.of(1), keys());
        Value length = b.reshape(lengths, batch(), Dim.of(1), Dim.of(1), Dim.of(1));
        mask(b.binary(BinaryKind.LESS, key, length));
    }

    /** Booleans that broadcast to {@code [batch, heads, seq, keys]}: true where a key is visible. */
    void mask(Value visible) {
        Value fitting = fitted(visible);
        Value known = extras.get(AttentionInput.MASK);
        extras.put(AttentionInput.MASK, known == null ? fitting : Elements.binary(n, BinaryKind.AND, known, fitting));
    }

    /** Floats that broadcast likewise and are added to the scores. */
    void bias(Value added) {
        Value fitting = fitted(Elements.f32(n, added));
        Value known = extras.get(AttentionInput.BIAS);
        extras.put(AttentionInput.BIAS, known == null ? fitting : Elements.add(n, known, fitting));
    }

    /** With symbols that meet those of the scores settled. */
    private Value fitted(Value x) {
        n.broadcast(x.type().dims(), List.of(batch(), Dim.of(spec.numHeads()), seq(), keys()));
        return x.type().rank() == 0 ? b.reshape(x, Dim.of(1)) : x;
    }

    Optional<Value> extra(AttentionInput input) {
        return Optional.ofNullable(extras.get(input));
    }

    Value query() {
        return query;
    }

    Value key() {
        return key;
    }

    /** The attention's result, {@code F32[batch, seq, heads, valueDim]}. */
    Value attend() {
        List<Value> in = new ArrayList<>(List.of(query, key, value));
        in.addAll(extras.values());
        return b.apply(new Attention(spec, extras.keySet()), in.toArray(new Value[0]));
    }

    /** 0 where a mask shows a key, −∞ elsewhere. */
    static Value asBias(GraphBuilder b, Value visible) {
        return b.where(visible, b.scalar(DType.F32, 0), b.scalar(DType.F32, Double.NEGATIVE_INFINITY));
    }
}
