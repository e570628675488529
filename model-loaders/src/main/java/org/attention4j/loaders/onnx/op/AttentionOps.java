package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** ONNX's own {@code Attention}, from version 23 on. */
@AutoService(OnnxOperators.class)
public final class AttentionOps implements OnnxOperators {
    private static final int MASK = 3;
    private static final int PAST_KEY = 4;
    private static final int PAST_VALUE = 5;
    private static final int LENGTHS = 6;

    @Override
    public void addTo(OperatorTable table) {
        table.add(OperatorTable.ONNX, "Attention", AttentionOps::attention);
    }

    private static List<Imported> attention(OnnxNode n) {
        boolean joined = n.type(0).rank() == 3;
        Value query = joined ? Heads.split(n, n.input(0), heads(n, "q_num_heads")) : Heads.swap(n, n.input(0));
        Value key = keysOrValues(n, 1, PAST_KEY, joined);
        Value value = keysOrValues(n, 2, PAST_VALUE, joined);
        Heads heads = new Heads(n, query, key, value);
        double scale = n.attribute("scale", 0.0);
        if (scale != 0) {
            heads.scale(scale);
        }
        heads.softcap(n.attribute("softcap", 0.0));
        mask(n, heads);
        positions(n, heads);
        Value y = heads.attend();
        List<Value> out = new ArrayList<>();
        out.add(Elements.like(n, joined ? Heads.join(n, y) : Heads.swap(n, y), n.type(0)));
        out.add(key);
        out.add(value);
        if (n.gives(3)) {
            out.add(Elements.like(
                    n, AttentionScores.of(n, heads, n.attribute("qk_matmul_output_mode", 0L)), n.type(0)));
        }
        return OnnxNode.computed(out);
    }

    private static long heads(OnnxNode n, String name) {
        long heads = n.attribute(name, 0L);
        if (heads < 1) {
            throw n.broken("%s is %d, expected at least 1 for inputs of three dimensions", name, heads);
        }
        return heads;
    }

    /** {@code [batch, heads, keys, dim]}, with what is kept of before. */
    private static Value keysOrValues(OnnxNode n, int input, int past, boolean joined) {
        Value x = joined ? Heads.swap(n, Heads.split(n, n.input(input), heads(n, "kv_num_heads"))) : n.input(input);
        if (!n.has(past)) {
            return x;
        }
        n.equal(n.type(past).dim(0), x.type().dim(0));
        return n.builder().concat(2, n.input(past), x);
    }

    private static void mask(OnnxNode n, Heads heads) {
        if (!n.has(MASK)) {
            return;
        }
        Value mask = padded(n, n.input(MASK), heads.keys());
        if (mask.type().dtype() == DType.BOOL) {
            heads.mask(mask);
        } else {
            heads.bias(mask);
        }
    }

    /** A mask may have fewer columns than there are keys: the others are not visible. */
    private static Value padded(OnnxNode n, Value mask, Dim keys) {
        GraphBuilder b = n.builder();
        boolean shorter = mask.type().dim(-1) instanceof Dim.Fixed(long has)
                && keys instanceof Dim.Fixed(long wants)
                && has < wants;
        if (!shorter) {
            return mask;
        }
        boolean booleans = mask.type().dtype() == DType.BOOL;
        List<Dim> dims = new ArrayList<>(mask.type().dims());
        dims.set(dims.size() - 1, keys.minus(mask.type().dim(-1)));
        Tensor hidden = Tensor.zeros(mask.type().dtype(), Shape.of());
        hidden.setDouble(0, booleans ? 0 : Double.NEGATIVE_INFINITY);
        return b.concat(-1, mask, b.broadcast(b.constant("hidden", hidden), dims));
    }

    private static void positions(OnnxNode n, Heads heads) {
        GraphBuilder b = n.builder();
        boolean causal = n.flag("is_causal", false);
        Dim past = n.has(PAST_KEY) ? n.type(PAST_KEY).dim(2) : Dim.of(0);
        Optional<Value> lengths = n.find(LENGTHS).map(v -> Elements.i64(n, v));
        lengths.ifPresent(heads::lengths);
        Optional<Value> offset = lengths.map(v -> b.sub(v, b.sizeOf(heads.seq())));
        if (causal) {
            offset.ifPresentOrElse(heads::causal, () -> heads.causal(past));
        }
        windows(n, heads, offset.orElseGet(() -> n.value(Imported.Sizes.vector(List.of(past)))));
    }

    /** Windows to both sides, as a mask; offset {@code I64[batch | 1]}. */
    private static void windows(OnnxNode n, Heads heads, Value offset) {
        GraphBuilder b = n.builder();
        long left = n.attribute("left_window_size", -1L);
        long right = n.attribute("right_window_size", -1L);
        if (left < 0 && right < 0) {
            return;
        }
        Dim one = Dim.of(1);
        Value query = b.add(
                b.reshape(b.iota(heads.seq()), one, one, heads.seq(), one),
                b.reshape(offset, offset.type().dim(0), one, one, one));
        Value distance = b.sub(query, b.reshape(b.iota(heads.keys()), one, one, one, heads.keys()));
        if (left >= 0) {
            heads.mask(b.binary(BinaryKind.LESS_EQUAL, distance, b.scalar(DType.I64, (double) left)));
        }
        if (right >= 0) {
            heads.mask(b.binary(BinaryKind.LESS_EQUAL, b.scalar(DType.I64, (double) -right), distance));
        }
    }
}
