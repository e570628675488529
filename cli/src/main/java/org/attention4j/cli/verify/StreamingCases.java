package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * StreamingLLM: recorded token by token, computed here in one run. The recorded cache is in the order of positions, and
 * unrotated where there is a rotary embedding; ours is a ring of rotated keys, so it is sorted and rotated back.
 */
@AutoService(OpCase.class)
public final class StreamingCases implements OpCase {
    private static final String ROTARY = "streaming_llm_decode_rope";

    @Override
    public Set<String> ops() {
        return ImmutableSet.of("streaming_llm_decode", ROTARY);
    }

    @Override
    public Graph build(GoldenCase golden) {
        int sinks = golden.attrs().size("start_size");
        int recent = golden.attrs().size("recent_size");
        TensorType q = golden.input("q");
        TensorType k = golden.input("k");
        Dim dim = q.dim(3);
        AttentionSpec spec = AttentionSpec.causal((int) q.fixedDim(2), (int) k.fixedDim(2), (int) q.fixedDim(3))
                .withSinks(sinks, recent + 1);
        Retention retention = new Retention.SinksAndWindow(sinks, recent);
        GraphBuilder b = new GraphBuilder(golden.op());
        Value query = b.input("q", q);
        Value key = b.input("k", k);
        Value value = b.input("v", golden.input("v"));
        Value cache = b.broadcast(b.scalar(DType.F32, 0), List.of(q.dim(0), k.dim(2), Dim.of(sinks + recent), dim));
        Value position = b.broadcast(b.scalar(DType.I64, 0), List.of(q.dim(0)));
        boolean rotary = golden.op().equals(ROTARY);
        EnumSet<AttentionInput> extras =
                rotary ? EnumSet.of(AttentionInput.SINK_QUERY) : EnumSet.noneOf(AttentionInput.class);
        ImmutableList.Builder<Value> in = ImmutableList.builder();
        if (rotary) {
            RopeConfig rope = rope(golden);
            Value positions = b.unsqueeze(b.iota(q.dim(1)), 0);
            Value clamped = b.binary(BinaryKind.MIN, positions, b.scalar(DType.I64, sinks + recent));
            in.add(rotate(b, rope, query, positions), rotate(b, rope, key, positions));
            in.add(value, cache, cache, position, rotate(b, rope, query, clamped));
        } else {
            in.add(query, key, value, cache, cache, position);
        }
        List<Value> out = b.call(new CachedAttention(spec, retention, extras), in.build());
        long[] kept = retention.retained(q.fixedDim(1));
        b.result("out", out.get(0));
        Value keys = inOrder(b, out.get(1), kept, retention);
        b.result("final_cache_k", rotary ? rotateBack(b, rope(golden), keys, kept) : keys);
        b.result("final_cache_v", inOrder(b, out.get(2), kept, retention));
        return b.build();
    }

    private static RopeConfig rope(GoldenCase golden) {
        int dim = (int) golden.input("q").fixedDim(3);
        return new RopeConfig(golden.attrs().number("rope_theta"), dim, RopeStyle.HALF, new RopeScaling.Default());
    }

    private static Value rotate(GraphBuilder b, RopeConfig rope, Value x, Value positions) {
        List<Value> table = table(b, rope, x, positions);
        return b.apply(rope.rope(), x, table.get(0), table.get(1));
    }

    private static List<Value> table(GraphBuilder b, RopeConfig rope, Value x, Value positions) {
        List<Dim> perSequence = List.of(x.type().dim(0), positions.type().dim(1));
        return b.call(rope.table(), List.of(b.broadcast(positions, perSequence)));
    }

    private static Value rotateBack(GraphBuilder b, RopeConfig rope, Value x, long[] positions) {
        Value at = b.constant("kept", Tensor.i64(Shape.of(1, positions.length), positions));
        List<Value> table = table(b, rope, x, at);
        return b.apply(rope.rope(), x, table.get(0), b.unary(UnaryKind.NEG, table.get(1)));
    }

    /** The kept tokens of {@code [batch, heads, slots, dim]} by position, as {@code [batch, tokens, heads, dim]}. */
    private static Value inOrder(GraphBuilder b, Value cache, long[] kept, Retention retention) {
        long capacity = cache.type().fixedDim(2);
        long[] slots = new long[kept.length];
        for (int i = 0; i < kept.length; i++) {
            slots[i] = retention.slotOf(kept[i], capacity);
        }
        Value rows = b.gather(cache, b.constant("slots", Tensor.i64(Shape.of(slots.length), slots)), 2);
        return b.transpose(rows, 0, 2, 1, 3);
    }
}
