package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.mixer.attention.T5Buckets;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;

/** Softmax attention: all head layouts and masks, with and without a past. Recorded tensors are [batch, seq, heads, dim]. */
@AutoService(OpCase.class)
public final class SoftmaxCases implements OpCase {
    @Override
    public Set<String> ops() {
        return ImmutableSet.of(
                "mha_full",
                "mha_causal",
                "mha_cross",
                "gqa_full",
                "gqa_causal",
                "gqa_causal_past",
                "sliding_causal",
                "sliding_causal_past",
                "sliding_symmetric",
                "chunked_causal",
                "softcap_causal",
                "sink_logits_causal",
                "sink_logits_past",
                "sink_logits_sliding",
                "alibi_causal",
                "additive_bias",
                "key_padding",
                "bool_mask",
                "t5_bucket");
    }

    @Override
    public Graph build(GoldenCase golden) {
        GraphBuilder b = new GraphBuilder(golden.op());
        if (golden.op().equals("t5_bucket")) {
            buckets(b, golden);
        } else if (golden.inputs().containsKey("past_k")) {
            withPast(b, golden);
        } else {
            withoutPast(b, golden);
        }
        return b.build();
    }

    private static void withoutPast(GraphBuilder b, GoldenCase golden) {
        Value q = b.input("q", golden.input("q"));
        Value k = b.transpose(b.input("k", golden.input("k")), 0, 2, 1, 3);
        Value v = b.transpose(b.input("v", golden.input("v")), 0, 2, 1, 3);
        Map<AttentionInput, Value> extras = extras(b, golden);
        List<Value> in = ImmutableList.<Value>builder()
                .add(q, k, v)
                .addAll(extras.values())
                .build();
        b.result("out", b.call(new Attention(spec(golden), extras.keySet()), in).getFirst());
    }

    /** The past fills a cache, padded by room for the new tokens. */
    private static void withPast(GraphBuilder b, GoldenCase golden) {
        Value q = b.input("q", golden.input("q"));
        Value k = b.input("k", golden.input("k"));
        Value v = b.input("v", golden.input("v"));
        long added = k.type().fixedDim(1);
        Value pastKey = cache(b, b.input("past_k", golden.input("past_k")), added);
        Value pastValue = cache(b, b.input("past_v", golden.input("past_v")), added);
        Tensor past = Tensor.scalar(golden.input("past_k").fixedDim(1));
        Value position = b.broadcast(b.constant("past", past), List.of(q.type().dim(0)));
        Map<AttentionInput, Value> extras = extras(b, golden);
        List<Value> in = ImmutableList.<Value>builder()
                .add(q, k, v, pastKey, pastValue, position)
                .addAll(extras.values())
                .build();
        List<Value> out = b.call(new CachedAttention(spec(golden), new Retention.All(), extras.keySet()), in);
        b.result("out", out.get(0));
        b.result("present_k", b.transpose(out.get(1), 0, 2, 1, 3));
        b.result("present_v", b.transpose(out.get(2), 0, 2, 1, 3));
    }

    private static Value cache(GraphBuilder b, Value past, long room) {
        return b.pad(b.transpose(past, 0, 2, 1, 3), 2, 0, room, 0);
    }

    private static AttentionSpec spec(GoldenCase golden) {
        Config attrs = golden.attrs();
        return new AttentionSpec(
                (int) golden.input("q").fixedDim(2),
                (int) golden.input("k").fixedDim(2),
                (int) golden.input("q").fixedDim(3),
                (int) golden.input("v").fixedDim(3),
                attrs.number("scale"),
                attrs.flag("causal", false),
                attrs.integer("window", 0),
                0,
                attrs.number("softcap", 0),
                attrs.integer("chunk", 0));
    }

    private static Map<AttentionInput, Value> extras(GraphBuilder b, GoldenCase golden) {
        Map<AttentionInput, Value> extras = new EnumMap<>(AttentionInput.class);
        for (String name : golden.inputs().keySet()) {
            switch (name) {
                case "sinks" -> extras.put(AttentionInput.SINK_LOGITS, b.input(name, golden.input(name)));
                case "alibi_slopes" -> extras.put(AttentionInput.ALIBI_SLOPES, b.input(name, golden.input(name)));
                case "attn_bias" -> extras.put(AttentionInput.BIAS, b.input(name, golden.input(name)));
                case "mask" -> extras.put(AttentionInput.MASK, b.input(name, golden.input(name)));
                case "key_mask" -> {
                    Value mask = b.input(name, golden.input(name));
                    Dim one = Dim.of(1);
                    extras.put(
                            AttentionInput.MASK,
                            b.reshape(
                                    mask,
                                    mask.type().dim(0),
                                    one,
                                    one,
                                    mask.type().dim(1)));
                }
                case "q", "k", "v", "past_k", "past_v" -> {}
                default -> throw new IllegalArgumentException("no attention takes an input called " + name);
            }
        }
        return extras;
    }

    /** Queries stand at the last positions of the keys. */
    private static void buckets(GraphBuilder b, GoldenCase golden) {
        Config attrs = golden.attrs();
        TensorType result = golden.outputs().get("buckets");
        if (result == null) {
            throw new IllegalArgumentException(
                    "no output buckets; there are " + golden.outputs().keySet());
        }
        int queries = (int) result.fixedDim(0);
        int keys = (int) result.fixedDim(1);
        T5Buckets op =
                new T5Buckets(attrs.flag("bidirectional"), attrs.size("num_buckets"), attrs.size("max_distance"));
        Value all = b.apply(op, positions(b, keys - queries, queries), positions(b, 0, keys));
        b.result("buckets", b.reshape(all, result.dims()));
    }

    private static Value positions(GraphBuilder b, long first, int count) {
        Tensor t = Tensor.zeros(DType.I64, Shape.of(1, count));
        for (int i = 0; i < count; i++) {
            t.setLong(i, first + i);
        }
        return b.constant("positions", t);
    }
}
