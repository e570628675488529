package org.attention4j.core.mixer.attention;

import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Attention of queries to some of the keys, not yet divided by the sum of weights. Partial results over disjoint sets of keys
 * merge in any order (Milakov and Gimelshein 2018, "Online normalizer calculation for softmax", section 3.1).
 *
 * @param max {@code [batch, kvHeads, group, seq, 1]}: m, the greatest score; −10³⁰ if no key is visible
 * @param sum {@code [batch, kvHeads, group, seq, 1]}: l, the sum of exp(score − m)
 * @param output {@code [batch, kvHeads, group, seq, valueDim]}: Σ exp(score − m) · v
 */
record PartialAttention(Value max, Value sum, Value output) {
    /** Far below any score, but finite: −∞ minus itself would not be a number. */
    private static final double LOWEST = -1e30;

    /**
     * Attention to a set of keys.
     *
     * @param scores {@code [batch, kvHeads, group, seq, keys]}, −∞ where a key is not visible
     * @param values {@code [batch, kvHeads, keys, valueDim]}
     */
    static PartialAttention of(GraphBuilder b, AttentionSpec spec, Value scores, Value values) {
        Dim batch = scores.type().dim(0);
        Dim kvHeads = Dim.of(spec.numKvHeads());
        Dim group = Dim.of(spec.groupSize());
        Dim seq = scores.type().dim(3);
        Value max = b.binary(BinaryKind.MAX, b.reduce(ReduceKind.MAX, scores, true, -1), b.scalar(DType.F32, LOWEST));
        Value weights = b.unary(UnaryKind.EXP, b.sub(scores, max));
        Value sum = b.reduce(ReduceKind.SUM, weights, true, -1);
        Value rows = b.reshape(
                weights, batch, kvHeads, group.times(seq), scores.type().dim(4));
        Value output = b.reshape(b.matMul(rows, values), batch, kvHeads, group, seq, Dim.of(spec.valueDim()));
        return new PartialAttention(max, sum, output);
    }

    /** Attention to the keys of both. */
    PartialAttention merge(GraphBuilder b, PartialAttention other) {
        Value m = b.binary(BinaryKind.MAX, max, other.max);
        Value mine = b.unary(UnaryKind.EXP, b.sub(max, m));
        Value theirs = b.unary(UnaryKind.EXP, b.sub(other.max, m));
        return new PartialAttention(
                m,
                b.add(b.mul(sum, mine), b.mul(other.sum, theirs)),
                b.add(b.mul(output, mine), b.mul(other.output, theirs)));
    }

    /** The same with one more key of this score and of value 0: {@code logit} broadcasts to {@link #max}. */
    PartialAttention withSink(GraphBuilder b, Value logit) {
        Value m = b.binary(BinaryKind.MAX, max, logit);
        Value mine = b.unary(UnaryKind.EXP, b.sub(max, m));
        Value sink = b.unary(UnaryKind.EXP, b.sub(logit, m));
        return new PartialAttention(m, b.add(b.mul(sum, mine), sink), b.mul(output, mine));
    }

    /** The attention's result, {@code [batch, seq, numHeads, valueDim]}; 0 where no key is visible. */
    Value finish(GraphBuilder b, AttentionSpec spec) {
        Value none = b.binary(BinaryKind.EQUAL, sum, b.scalar(DType.F32, 0));
        Value y = b.div(output, b.where(none, b.scalar(DType.F32, 1), sum));
        Dim batch = output.type().dim(0);
        Dim seq = output.type().dim(3);
        return b.reshape(b.transpose(y, 0, 3, 1, 2, 4), batch, seq, Dim.of(spec.numHeads()), Dim.of(spec.valueDim()));
    }
}
