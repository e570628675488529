package org.attention4j.core.mixer.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Scores of queries against one set of keys, as {@code [batch, kvHeads, group, seq, keys]}: so the heads that share a
 * key/value head read it once.
 */
final class Scores {
    private final GraphBuilder b;
    private final AttentionSpec spec;
    private final Value queryPositions;

    /** @param queryPositions {@code I64[batch | 1, seq]} */
    Scores(GraphBuilder b, AttentionSpec spec, Value queryPositions) {
        this.b = b;
        this.spec = spec;
        this.queryPositions = queryPositions;
    }

    /**
     * The masked scores.
     *
     * @param query {@code [batch, seq, numHeads, headDim]}
     * @param keys {@code [batch, kvHeads, keys, headDim]}
     * @param keyPositions {@code I64[batch | 1, keys]}, negative where there is no key
     * @param bias added; broadcasts to {@code [batch, numHeads, seq, keys]}
     * @param mask true where visible; broadcasts likewise
     */
    Value against(
            Value query,
            Value keys,
            Value keyPositions,
            Optional<Value> bias,
            Optional<Value> mask,
            AttentionInputs in) {
        Value i = expand(queryPositions, 4);
        Value j = expand(keyPositions, 3);
        Value s = products(query, keys);
        if (in.find(AttentionInput.SINK_QUERY).isPresent()) {
            Value sink = b.binary(BinaryKind.LESS, j, b.scalar(DType.I64, spec.sinkTokens()));
            s = b.where(sink, products(in.get(AttentionInput.SINK_QUERY), keys), s);
        }
        s = b.mul(s, spec.scale());
        if (spec.softcap() > 0) {
            s = b.mul(b.unary(UnaryKind.TANH, b.mul(s, 1 / spec.softcap())), spec.softcap());
        }
        if (in.find(AttentionInput.ALIBI_SLOPES).isPresent()) {
            Value distance = b.cast(b.sub(j, i), DType.F32);
            s = b.add(s, b.mul(perHead(in.get(AttentionInput.ALIBI_SLOPES)), distance));
        }
        if (bias.isPresent()) {
            s = b.add(s, splitHeads(bias.get()));
        }
        Value visible = visible(i, j);
        if (mask.isPresent()) {
            visible = b.binary(BinaryKind.AND, visible, splitHeads(mask.get()));
        }
        return b.where(visible, s, b.scalar(DType.F32, Double.NEGATIVE_INFINITY));
    }

    /** A value for each head as {@code [1, kvHeads, group, 1, 1]}. */
    Value perHead(Value perHead) {
        return b.reshape(perHead, Dim.of(1), Dim.of(spec.numKvHeads()), Dim.of(spec.groupSize()), Dim.of(1), Dim.of(1));
    }

    private Value products(Value query, Value keys) {
        Dim batch = query.type().dim(0);
        Dim seq = query.type().dim(1);
        Dim kvHeads = Dim.of(spec.numKvHeads());
        Dim group = Dim.of(spec.groupSize());
        Dim headDim = Dim.of(spec.headDim());
        Value grouped = b.transpose(b.reshape(query, batch, seq, kvHeads, group, headDim), 0, 2, 3, 1, 4);
        Value rows = b.reshape(grouped, batch, kvHeads, group.times(seq), headDim);
        return b.reshape(
                b.matMulTransposed(rows, keys),
                batch,
                kvHeads,
                group,
                seq,
                keys.type().dim(2));
    }

    private Value visible(Value i, Value j) {
        Value seen = b.binary(BinaryKind.LESS_EQUAL, b.scalar(DType.I64, 0), j);
        if (spec.causal()) {
            seen = and(seen, b.binary(BinaryKind.LESS_EQUAL, j, i));
            if (spec.window() > 0) {
                Value near = b.binary(BinaryKind.LESS, b.sub(i, j), b.scalar(DType.I64, spec.window()));
                Value sink = b.binary(BinaryKind.LESS, j, b.scalar(DType.I64, spec.sinkTokens()));
                seen = and(seen, spec.sinkTokens() > 0 ? b.binary(BinaryKind.OR, near, sink) : near);
            }
        } else if (spec.window() > 0) {
            Value distance = b.unary(UnaryKind.ABS, b.sub(i, j));
            seen = and(seen, b.binary(BinaryKind.LESS_EQUAL, distance, b.scalar(DType.I64, spec.window())));
        }
        if (spec.chunk() > 0) {
            Value size = b.scalar(DType.I64, spec.chunk());
            seen = and(seen, b.binary(BinaryKind.EQUAL, b.div(i, size), b.div(j, size)));
        }
        return seen;
    }

    private Value and(Value x, Value y) {
        return b.binary(BinaryKind.AND, x, y);
    }

    /** Positions {@code [batch, n]} as {@code [batch, 1, 1, n, 1]} or {@code [batch, 1, 1, 1, n]}. */
    private Value expand(Value positions, int lastAxis) {
        Dim one = Dim.of(1);
        Dim batch = positions.type().dim(0);
        Dim n = positions.type().dim(1);
        return lastAxis == 4
                ? b.reshape(positions, batch, one, one, n, one)
                : b.reshape(positions, batch, one, one, one, n);
    }

    /** {@code [batch | 1, numHeads | 1, seq | 1, keys | 1]} with the heads split in two dims; lower ranks are filled up. */
    private Value splitHeads(Value x) {
        List<Dim> dims = new ArrayList<>(x.type().dims());
        while (dims.size() < 4) {
            dims.addFirst(Dim.of(1));
        }
        boolean perHead = !dims.get(1).equals(Dim.of(1));
        dims.set(1, perHead ? Dim.of(spec.numKvHeads()) : Dim.of(1));
        dims.add(2, perHead ? Dim.of(spec.groupSize()) : Dim.of(1));
        return b.reshape(x, dims);
    }
}
