package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** ONNX Runtime's {@code Attention}, which projects its input, and {@code MultiHeadAttention}, which does not. */
@AutoService(OnnxOperators.class)
public final class MicrosoftAttentionOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.add(OperatorTable.MICROSOFT, "Attention", MicrosoftAttentionOps::attention);
        table.add(OperatorTable.MICROSOFT, "MultiHeadAttention", MicrosoftAttentionOps::multiHead);
    }

    private static long numHeads(OnnxNode n) {
        long heads = n.attribute("num_heads", 0L);
        if (heads < 1) {
            throw n.broken("num_heads is %d, expected at least 1", heads);
        }
        return heads;
    }

    private static List<Imported> attention(OnnxNode n) {
        if (n.flag("do_rotary", false)) {
            throw n.unsupported("it rotates queries and keys by a table that is not in the model");
        }
        GraphBuilder b = n.builder();
        Value qkv = ProductOps.matMul(n, n.input(0), n.input(1), n.constant(1));
        if (n.has(2)) {
            qkv = Elements.add(n, qkv, n.input(2));
        }
        List<Value> parts = parts(n, qkv, projected(n));
        long numHeads = numHeads(n);
        Value query = Heads.split(n, parts.get(0), numHeads);
        Value key = Heads.swap(n, Heads.split(n, parts.get(1), numHeads));
        Value value = Heads.swap(n, Heads.split(n, parts.get(2), numHeads));
        Dim past = Dim.of(0);
        if (n.has(4)) {
            past = n.type(4).dim(3);
            key = b.concat(2, ofPast(n, 0, key), key);
            value = b.concat(2, ofPast(n, 1, value), value);
        }
        Heads heads = new Heads(n, query, key, value);
        MicrosoftMasks.apply(n, heads, 3);
        Value y = attend(n, heads, n.find(5), past);
        List<Value> out = new ArrayList<>(List.of(y));
        if (n.gives(1)) {
            out.add(b.concat(0, b.unsqueeze(key, 0), b.unsqueeze(value, 0)));
        }
        return OnnxNode.computed(out);
    }

    /** Keys or values of before: {@code [2, batch, heads, past, dim]} holds both. */
    private static Value ofPast(OnnxNode n, int i, Value like) {
        GraphBuilder b = n.builder();
        TensorType t = n.type(4);
        n.equal(t.dim(1), like.type().dim(0));
        return b.reshape(b.slice(n.input(4), 0, i, i + 1L), t.dim(1), t.dim(2), t.dim(3), t.dim(4));
    }

    /** How many entries queries, keys and values have. */
    private static List<Dim> projected(OnnxNode n) {
        Optional<List<Long>> sizes = n.attributes().integers("qkv_hidden_sizes").filter(s -> !s.isEmpty());
        if (sizes.isPresent()) {
            return sizes.get().stream().map(Dim::of).toList();
        }
        Dim all = n.type(1).dim(1);
        if (!all.isFixed()) {
            n.equal(all, n.type(0).dim(2).times(Dim.of(3)));
        }
        Dim each = Dim.of(n.fixed(all, "the projections' size") / 3);
        return List.of(each, each, each);
    }

    /** Consecutive entries of the last dimension. */
    private static List<Value> parts(OnnxNode n, Value x, List<Dim> sizes) {
        List<Value> parts = new ArrayList<>();
        long at = 0;
        for (Dim size : sizes) {
            long end = at + n.fixed(size, "the size of heads");
            parts.add(n.builder().slice(x, -1, at, end));
            at = end;
        }
        if (parts.size() != 3) {
            throw n.broken("%d sizes of queries, keys and values, expected 3", parts.size());
        }
        return parts;
    }

    /** {@code [batch, seq, heads·dim]}. */
    private static Value attend(OnnxNode n, Heads heads, Optional<Value> bias, Dim past) {
        double scale = n.attribute("scale", 0.0);
        if (scale != 0) {
            heads.scale(scale);
        }
        bias.ifPresent(heads::bias);
        if (n.flag("unidirectional", false)) {
            heads.causal(past);
        }
        return Elements.like(n, Heads.join(n, heads.attend()), n.type(0));
    }

    private static List<Imported> multiHead(OnnxNode n) {
        GraphBuilder b = n.builder();
        List<Value> given = Packed.separated(n, numHeads(n));
        Value query = given.get(0);
        Value key = given.get(1);
        Value value = given.get(2);
        Dim past = Dim.of(0);
        if (n.has(6) && n.has(7)) {
            past = n.type(6).dim(2);
            n.equal(n.type(6).dim(0), key.type().dim(0));
            n.equal(n.type(7).dim(0), key.type().dim(0));
            if (n.has(8)) {
                throw n.unsupported("how much of its past counts is only known when the graph runs");
            }
            key = b.concat(2, n.input(6), key);
            value = b.concat(2, n.input(7), value);
        }
        Heads heads = new Heads(n, query, key, value);
        MicrosoftMasks.apply(n, heads, 4);
        Value y = attend(n, heads, n.find(5), past);
        List<Value> out = new ArrayList<>(List.of(y, key, value));
        if (n.gives(3)) {
            out.add(Elements.like(n, AttentionScores.of(n, heads, 2), n.type(0)));
        }
        return OnnxNode.computed(out);
    }
}
