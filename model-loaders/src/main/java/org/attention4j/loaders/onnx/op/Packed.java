package org.attention4j.loaders.onnx.op;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.loaders.onnx.OnnxNode;

/** The several ways in which {@code MultiHeadAttention} is given queries, keys and values. */
final class Packed {
    private Packed() {}

    /** Queries {@code [batch, seq, heads, dim]}, keys and values {@code [batch, heads, keys, dim]}, with their biases. */
    static List<Value> separated(OnnxNode n, long numHeads) {
        if (n.type(0).rank() == 5) {
            Value x = n.input(0);
            return List.of(entry(n, x, 0), Heads.swap(n, entry(n, x, 1)), Heads.swap(n, entry(n, x, 2)));
        }
        Value query = Heads.split(n, biased(n, n.input(0), 0), numHeads);
        if (n.has(1) && n.type(1).rank() == 5) {
            Value x = n.input(1);
            return List.of(query, Heads.swap(n, entry(n, x, 0)), Heads.swap(n, entry(n, x, 1)));
        }
        if (!n.has(1) || !n.has(2)) {
            throw n.broken("queries alone, of shape %s", n.type(0));
        }
        return List.of(query, heads(n, 1, numHeads), heads(n, 2, numHeads));
    }

    private static Value heads(OnnxNode n, int i, long numHeads) {
        // Of four dimensions they were projected before, with their bias.
        return n.type(i).rank() == 4 ? n.input(i) : Heads.swap(n, Heads.split(n, biased(n, n.input(i), i), numHeads));
    }

    /** {@code [batch, seq, heads, parts, dim]} without the parts. */
    private static Value entry(OnnxNode n, Value x, int i) {
        GraphBuilder b = n.builder();
        if (n.has(3)) {
            throw n.unsupported("packed inputs with a bias");
        }
        TensorType t = x.type();
        return b.reshape(b.slice(x, 3, i, i + 1L), t.dim(0), t.dim(1), t.dim(2), t.dim(4));
    }

    /** Plus its part of the bias {@code [q + k + v]}. */
    private static Value biased(OnnxNode n, Value x, int i) {
        if (!n.has(3)) {
            return x;
        }
        GraphBuilder b = n.builder();
        List<Long> sizes = new ArrayList<>();
        for (int part = 0; part <= i; part++) {
            boolean joined = n.type(part).rank() == 3;
            sizes.add((long) n.fixed(
                    joined
                            ? n.type(part).dim(2)
                            : n.type(part).dim(1).times(n.type(part).dim(3)),
                    "the hidden size"));
        }
        long start = sizes.subList(0, i).stream().mapToLong(Long::longValue).sum();
        Value part = b.slice(n.input(3), 0, start, start + sizes.get(i));
        n.equal(part.type().dim(0), Dim.of(sizes.get(i)));
        return Elements.add(n, x, part);
    }
}
