package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.rope.Rope;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Rotary embeddings, ONNX's and ONNX Runtime's. */
@AutoService(OnnxOperators.class)
public final class RotaryOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("RotaryEmbedding", n -> rotate(n, n.input(1), n.input(2), n.find(3)));
        table.addOne(OperatorTable.MICROSOFT, "RotaryEmbedding", RotaryOps::microsoft);
    }

    private static Value microsoft(OnnxNode n) {
        GraphBuilder b = n.builder();
        if (n.attribute("scale", 1.0) != 1) {
            throw n.unsupported("scale %s, expected 1", n.attribute("scale", 1.0));
        }
        if (n.flag("is_packed_batching", false)) {
            throw n.unsupported("its sequences are packed");
        }
        Value positions = Elements.i64(n, n.input(1));
        if (positions.type().rank() == 1) {
            Dim seq = n.type(0).dim(n.type(0).rank() == 4 ? 2 : 1);
            Value counted = b.add(b.unsqueeze(b.iota(seq), 0), b.unsqueeze(positions, 0));
            positions = b.broadcast(counted, List.of(n.type(0).dim(0), seq));
        }
        return rotate(n, n.input(2), n.input(3), Optional.of(positions));
    }

    /** Of {@code [batch, seq, heads·dim]} or {@code [batch, heads, seq, dim]}. */
    private static Value rotate(OnnxNode n, Value cos, Value sin, Optional<Value> positions) {
        boolean joined = n.type(0).rank() == 3;
        int rotaryDim = Math.toIntExact(n.attribute("rotary_embedding_dim", 0L));
        Value x = joined ? joined(n, cos, rotaryDim) : Heads.swap(n, n.input(0));
        if (rotaryDim == 0) {
            rotaryDim = n.fixed(x.type().dim(3), "the size of heads");
        }
        Value y = rotate(n, x, table(n, cos, positions, rotaryDim), table(n, sin, positions, rotaryDim), style(n));
        return Elements.like(n, joined ? Heads.join(n, y) : Heads.swap(n, y), n.type(0));
    }

    private static Value joined(OnnxNode n, Value cos, int rotaryDim) {
        long heads = n.attribute("num_heads", 0L);
        if (heads > 0) {
            return Heads.split(n, n.input(0), heads);
        }
        // Without a number of heads, the tables tell their size.
        int size = rotaryDim > 0 ? rotaryDim : 2 * n.fixed(cos.type().dim(-1), "the size of the table");
        return Heads.split(n, n.input(0), n.fixed(n.type(0).dim(2), "the hidden size") / size);
    }

    static RopeStyle style(OnnxNode n) {
        return n.flag("interleaved", false) ? RopeStyle.INTERLEAVED : RopeStyle.HALF;
    }

    /** {@code [batch, seq, rotaryDim / 2]}. */
    static Value table(OnnxNode n, Value cache, Optional<Value> positions, int rotaryDim) {
        GraphBuilder b = n.builder();
        Value rows = positions.isPresent()
                ? b.gather(Elements.f32(n, cache), Elements.i64(n, positions.get()), 0)
                : Elements.f32(n, cache);
        return rows.type().dim(-1) instanceof Dim.Fixed(long size) && size > rotaryDim / 2
                ? b.slice(rows, -1, 0, rotaryDim / 2)
                : rows;
    }

    /** x {@code [batch, seq, heads, dim]} of any float type, as F32. */
    static Value rotate(OnnxNode n, Value x, Value cos, Value sin, RopeStyle style) {
        GraphBuilder b = n.builder();
        Value wide = Elements.f32(n, x);
        n.equal(cos.type().dim(0), x.type().dim(0));
        n.equal(cos.type().dim(1), x.type().dim(1));
        int rotaryDim = 2 * n.fixed(cos.type().dim(2), "the size of the table");
        return b.apply(new Rope(style, rotaryDim), wide, cos, sin);
    }
}
