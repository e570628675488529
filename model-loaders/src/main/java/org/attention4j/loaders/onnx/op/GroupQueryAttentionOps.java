package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/**
 * ONNX Runtime's {@code GroupQueryAttention}, with a cache that grows: all sequences have as many tokens in it as it has slots, and
 * what it gives holds these and the new ones.
 */
@AutoService(OnnxOperators.class)
public final class GroupQueryAttentionOps implements OnnxOperators {
    private static final int PAST_KEY = 3;
    private static final int PAST_VALUE = 4;
    private static final int LENGTHS = 5;
    private static final int POSITIONS = 9;
    private static final int BIAS = 10;
    private static final int SINKS = 11;

    @Override
    public void addTo(OperatorTable table) {
        table.add(OperatorTable.MICROSOFT, "GroupQueryAttention", GroupQueryAttentionOps::attention);
    }

    private static List<Imported> attention(OnnxNode n) {
        GraphBuilder b = n.builder();
        long numHeads = n.attribute("num_heads", 0L);
        long numKvHeads = n.attribute("kv_num_heads", 0L);
        if (numHeads < 1 || numKvHeads < 1 || numHeads % numKvHeads != 0) {
            throw n.broken("%d heads, %d key/value heads, expected a multiple", numHeads, numKvHeads);
        }
        List<Value> qkv = separated(n, numHeads, numKvHeads);
        Dim past = n.has(PAST_KEY) ? n.type(PAST_KEY).dim(2) : Dim.of(0);
        Value query = qkv.get(0);
        Value fresh = qkv.get(1);
        if (n.flag("do_rotary", false)) {
            query = rotated(n, query, past);
            fresh = rotated(n, fresh, past);
        }
        Value key = withPast(n, PAST_KEY, Heads.swap(n, fresh));
        Value value = withPast(n, PAST_VALUE, Heads.swap(n, qkv.get(2)));
        Heads heads = new Heads(n, query, key, value);
        double scale = n.attribute("scale", 0.0);
        if (scale != 0) {
            heads.scale(scale);
        }
        heads.softcap(n.attribute("softcap", 0.0));
        long window = n.attribute("local_window_size", -1L);
        heads.causal(past);
        if (window > 0) {
            heads.window(Math.toIntExact(window));
        }
        // How many tokens there are, less one.
        heads.lengths(b.add(b.reshape(Elements.i64(n, n.input(LENGTHS)), heads.batch()), b.scalar(DType.I64, 1)));
        n.find(BIAS).ifPresent(heads::bias);
        if (n.has(SINKS)) {
            heads.sinks(n.input(SINKS));
        } else if (n.flag("smooth_softmax", false)) {
            // Denominators are larger by 1: that of a logit 0.
            heads.sinks(b.constant("sinks", Tensor.zeros(DType.F32, Shape.of(numHeads))));
        }
        Value y = Elements.like(n, Heads.join(n, heads.attend()), n.type(0));
        return OnnxNode.computed(List.of(y, key, value));
    }

    /** Queries, keys and values {@code [batch, seq, heads, dim]}; without keys, the first input holds all three. */
    private static List<Value> separated(OnnxNode n, long numHeads, long numKvHeads) {
        if (n.has(1) && n.has(2)) {
            return List.of(
                    Heads.split(n, n.input(0), numHeads),
                    Heads.split(n, n.input(1), numKvHeads),
                    Heads.split(n, n.input(2), numKvHeads));
        }
        Value all = Heads.split(n, n.input(0), numHeads + 2 * numKvHeads);
        GraphBuilder b = n.builder();
        return List.of(
                b.slice(all, 2, 0, numHeads),
                b.slice(all, 2, numHeads, numHeads + numKvHeads),
                b.slice(all, 2, numHeads + numKvHeads, numHeads + 2 * numKvHeads));
    }

    private static Value withPast(OnnxNode n, int input, Value fresh) {
        if (!n.has(input) || n.type(input).dim(2).equals(Dim.of(0))) {
            return fresh;
        }
        n.equal(n.type(input).dim(0), fresh.type().dim(0));
        return n.builder().concat(2, n.input(input), fresh);
    }

    /** By the given positions, else by those that come after the cache. */
    private static Value rotated(OnnxNode n, Value x, Dim past) {
        GraphBuilder b = n.builder();
        Dim batch = x.type().dim(0);
        Dim seq = x.type().dim(1);
        Value first = n.value(Imported.Sizes.scalar(past));
        Value positions = n.find(POSITIONS)
                .map(v -> Elements.i64(n, v))
                .orElseGet(() -> b.broadcast(b.unsqueeze(b.add(b.iota(seq), first), 0), List.of(batch, seq)));
        List<Value> tables = new ArrayList<>();
        for (int i = 7; i <= 8; i++) {
            tables.add(b.gather(Elements.f32(n, n.input(i)), positions, 0));
        }
        boolean interleaved = n.flag("rotary_interleaved", false);
        Value y = RotaryOps.rotate(
                n, x, tables.get(0), tables.get(1), interleaved ? RopeStyle.INTERLEAVED : RopeStyle.HALF);
        return b.cast(y, x.type().dtype());
    }
}
