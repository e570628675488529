package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/**
 * ONNX Runtime's {@code DecoderMaskedMultiHeadAttention}: one new token, and a cache with room for more tokens than it holds. Where
 * ONNX Runtime writes the token into the cache's memory, the graph gives a cache with the token in it. Beams read tokens that
 * others wrote; which, {@code cache_indirection} says.
 */
@AutoService(OnnxOperators.class)
public final class DecoderMaskedAttentionOps implements OnnxOperators {
    private static final int MASK = 3;
    private static final int BIAS = 4;
    private static final int PAST_KEY = 5;
    private static final int PAST_VALUE = 6;
    private static final int PAST_LENGTH = 7;
    private static final int INDIRECTION = 9;
    private static final int PROJECTION_BIAS = 10;

    @Override
    public void addTo(OperatorTable table) {
        table.add(OperatorTable.MICROSOFT, "DecoderMaskedMultiHeadAttention", DecoderMaskedAttentionOps::attention);
    }

    private static List<Imported> attention(OnnxNode n) {
        long numHeads = n.attribute("num_heads", 0L);
        if (numHeads < 1) {
            throw n.broken("num_heads is %d, expected at least 1", numHeads);
        }
        if (n.gives(3)) {
            throw n.unsupported("it gives its scores");
        }
        n.equal(n.type(0).dim(1), Dim.of(1));
        Value query = Heads.split(n, biased(n, 0), numHeads);
        List<Imported> out = new ArrayList<>();
        Heads heads;
        if (n.type(1).rank() == 4) {
            // Keys and values of an encoder, which were projected with their biases.
            heads = new Heads(n, query, n.input(1), n.input(2));
            MicrosoftMasks.apply(n, heads, MASK);
            n.find(BIAS).ifPresent(heads::bias);
        } else {
            Value key = written(n, PAST_KEY, Heads.swap(n, Heads.split(n, biased(n, 1), numHeads)));
            Value value = written(n, PAST_VALUE, Heads.swap(n, Heads.split(n, biased(n, 2), numHeads)));
            heads = new Heads(n, query, ofBeams(n, key), ofBeams(n, value));
            if (n.has(MASK) || n.has(BIAS)) {
                throw n.unsupported("a mask or a bias beside a cache with more slots than tokens");
            }
            GraphBuilder b = n.builder();
            Dim one = Dim.of(1);
            Value slot = b.reshape(b.iota(heads.keys()), one, one, one, heads.keys());
            heads.mask(b.binary(BinaryKind.LESS_EQUAL, slot, pastLength(n)));
            out.addAll(OnnxNode.computed(List.of(key, value)));
        }
        double scale = n.attribute("scale", 0.0);
        if (scale != 0) {
            heads.scale(scale);
        }
        Value y = Elements.like(n, Heads.join(n, heads.attend()), n.type(0));
        out.addFirst(new Imported.Computed(y));
        return out;
    }

    /** Input 0, 1 or 2 with its part of the bias {@code [q + k + v]}. */
    private static Value biased(OnnxNode n, int i) {
        if (n.type(i).rank() != 3) {
            throw n.unsupported("input %d is %s, expected [batch, seq, hidden]", i, n.type(i));
        }
        if (!n.has(PROJECTION_BIAS)) {
            return n.input(i);
        }
        long hidden = n.fixed(n.type(0).dim(2), "the hidden size");
        long end = i < 2 ? (i + 1) * hidden : 2 * hidden + n.fixed(n.type(i).dim(2), "the size of values");
        return Elements.add(n, n.input(i), n.builder().slice(n.input(PROJECTION_BIAS), 0, i * hidden, end));
    }

    /** An {@code I64} scalar: how many tokens the cache holds. */
    private static Value pastLength(OnnxNode n) {
        if (!n.has(PAST_LENGTH)) {
            throw n.broken("a cache without past_sequence_length");
        }
        return n.builder().reshape(Elements.i64(n, n.input(PAST_LENGTH)));
    }

    /** The cache {@code [batch, heads, slots, dim]} with the new token {@code [batch, heads, 1, dim]} behind those it holds. */
    private static Value written(OnnxNode n, int input, Value fresh) {
        if (!n.has(input)) {
            throw n.unsupported("keys %s without a cache", n.type(1));
        }
        if (!n.flag("past_present_share_buffer", false)) {
            throw n.unsupported("past_present_share_buffer is 0, expected 1");
        }
        GraphBuilder b = n.builder();
        TensorType cache = n.type(input);
        n.equal(cache.dim(0), fresh.type().dim(0));
        n.equal(fresh.type().dim(2), Dim.of(1));
        Dim slots = cache.dim(2);
        Value here = b.binary(BinaryKind.EQUAL, b.reshape(b.iota(slots), slots, Dim.of(1)), pastLength(n));
        return b.where(here, fresh, n.input(input));
    }

    /** The cache as each beam reads it: slot s of beam j is that of beam {@code cache_indirection[batch, j, s]}. */
    private static Value ofBeams(OnnxNode n, Value cache) {
        if (!n.has(INDIRECTION)) {
            return cache;
        }
        TensorType t = cache.type();
        Dim groups = n.type(INDIRECTION).dim(0);
        Dim beams = n.type(INDIRECTION).dim(1);
        Dim all = t.dim(0);
        // A batch of as many sequences as groups has one beam in each.
        n.equal(beams, DimAlgebra.divide(all, groups).orElse(beams));
        n.equal(all, groups.times(beams));
        if (beams.equals(Dim.of(1))) {
            return cache;
        }
        n.equal(n.type(INDIRECTION).dim(2), t.dim(2));
        GraphBuilder b = n.builder();
        Value grouped = b.reshape(cache, groups, beams, t.dim(1), t.dim(2), t.dim(3));
        Value from = b.cast(n.input(INDIRECTION), DType.I64);
        Value index = b.reshape(from, groups, beams, Dim.of(1), t.dim(2), Dim.of(1));
        return b.reshape(b.gatherElements(grouped, index, 1), t.dims());
    }
}
