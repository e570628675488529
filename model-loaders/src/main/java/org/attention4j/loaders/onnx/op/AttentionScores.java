package org.attention4j.loaders.onnx.op;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxNode;

/** The scores that ONNX's {@code Attention} gives beside its result, {@code [batch, heads, seq, keys]}: computed once more. */
final class AttentionScores {
    private AttentionScores() {}

    /** @param mode 0: scaled products; 1: after the softcap; 2: with bias and mask; 3: after the softmax */
    static Value of(OnnxNode n, Heads heads, long mode) {
        if (mode < 0 || mode > 3) {
            throw n.broken("qk_matmul_output_mode is %d, expected 0 to 3", mode);
        }
        GraphBuilder b = n.builder();
        AttentionSpec spec = heads.spec();
        Value scores = b.mul(products(b, heads), spec.scale());
        if (mode >= 1 && spec.softcap() > 0) {
            scores = b.mul(b.unary(UnaryKind.TANH, b.mul(scores, 1 / spec.softcap())), spec.softcap());
        }
        if (mode < 2) {
            return scores;
        }
        Optional<Value> bias = bias(n, heads);
        if (bias.isPresent()) {
            scores = Elements.add(n, scores, bias.get());
        }
        return mode == 2 ? scores : softmax(b, scores);
    }

    private static Value products(GraphBuilder b, Heads heads) {
        AttentionSpec spec = heads.spec();
        Dim kv = Dim.of(spec.numKvHeads());
        Dim group = Dim.of(spec.groupSize());
        Dim size = Dim.of(spec.headDim());
        Value rows = b.transpose(b.reshape(heads.query(), heads.batch(), heads.seq(), kv, group, size), 0, 2, 3, 1, 4);
        Value s = b.matMulTransposed(rows, b.unsqueeze(heads.key(), 2));
        return b.reshape(s, heads.batch(), Dim.of(spec.numHeads()), heads.seq(), heads.keys());
    }

    /** The bias, with −∞ where a key is not visible. */
    private static Optional<Value> bias(OnnxNode n, Heads heads) {
        GraphBuilder b = n.builder();
        Optional<Value> bias = heads.extra(AttentionInput.BIAS);
        Optional<Value> hidden = visible(n, heads).map(v -> Heads.asBias(b, v));
        if (bias.isPresent() && hidden.isPresent()) {
            return Optional.of(Elements.add(n, bias.get(), hidden.get()));
        }
        return bias.or(() -> hidden);
    }

    private static Optional<Value> visible(OnnxNode n, Heads heads) {
        GraphBuilder b = n.builder();
        Optional<Value> mask = heads.extra(AttentionInput.MASK);
        if (!heads.spec().causal()) {
            return mask;
        }
        Dim one = Dim.of(1);
        Value query = heads.extra(AttentionInput.QUERY_POSITIONS)
                .orElseGet(() -> b.unsqueeze(
                        b.add(b.iota(heads.seq()), b.sub(b.sizeOf(heads.keys()), b.sizeOf(heads.seq()))), 0));
        List<Dim> rows = ImmutableList.of(query.type().dim(0), one, heads.seq(), one);
        Value seen = b.binary(
                BinaryKind.LESS_EQUAL,
                b.reshape(b.iota(heads.keys()), one, one, one, heads.keys()),
                b.reshape(query, rows));
        return Optional.of(mask.isPresent() ? Elements.binary(n, BinaryKind.AND, mask.get(), seen) : seen);
    }

    /** 0 in rows where no key is visible. */
    private static Value softmax(GraphBuilder b, Value scores) {
        Value max = b.binary(BinaryKind.MAX, b.reduce(ReduceKind.MAX, scores, true, -1), b.scalar(DType.F32, -1e30));
        Value weights = b.unary(UnaryKind.EXP, b.sub(scores, max));
        Value sum = b.reduce(ReduceKind.SUM, weights, true, -1);
        Value none = b.binary(BinaryKind.EQUAL, sum, b.scalar(DType.F32, 0));
        return b.div(weights, b.where(none, b.scalar(DType.F32, 1), sum));
    }
}
