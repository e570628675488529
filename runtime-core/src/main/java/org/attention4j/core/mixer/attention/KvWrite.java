package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;

/**
 * A cache with new tokens written to it, in the slots that {@link KvRing} gives them.
 *
 * <p>Inputs: {@code cache F32[batch, kvHeads, slots, dim]}, {@code fresh F32[batch, kvHeads, seq, dim]}: the tokens from
 * {@code position I64[batch]} on, and {@code length I64[batch]}: tokens seen with them. Result: the cache's next value.
 *
 * @param retention how slots are used
 */
public record KvWrite(Retention retention) implements CompositeOp {
    @Override
    public String name() {
        return "kv_write";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("cache", "fresh", "position", "length");
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        TensorType cache = in.get(0);
        TensorType fresh = in.get(1);
        if (cache.rank() != 4 || fresh.rank() != 4) {
            throw new IllegalArgumentException(
                    "kv_write: cache is %s, fresh %s, expected F32[batch, kvHeads, slots, dim]"
                            .formatted(cache, fresh));
        }
        AttentionTypes.require(name(), "cache", cache, cache.dim(0), cache.dim(1), cache.dim(2), cache.dim(3));
        AttentionTypes.require(name(), "fresh", fresh, cache.dim(0), cache.dim(1), fresh.dim(2), cache.dim(3));
        AttentionTypes.requireType(name(), "position", in.get(2), TensorType.of(DType.I64, cache.dim(0)));
        AttentionTypes.requireType(name(), "length", in.get(3), TensorType.of(DType.I64, cache.dim(0)));
        return ImmutableList.of(cache);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        KvRing ring = new KvRing(b, retention);
        Value after = ring.positions(in.get(0).type().dim(2), in.get(3));
        return ImmutableList.of(ring.write(in.get(0), in.get(1), after, in.get(2)));
    }
}
