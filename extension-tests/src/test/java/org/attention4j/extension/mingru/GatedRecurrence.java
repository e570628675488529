package org.attention4j.extension.mingru;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * {@code h_t = keep_t · h_{t−1} + fresh_t}, step by step.
 *
 * <p>Inputs: {@code before F32[batch, size]}: h before the first step; {@code keep} and {@code fresh F32[batch, seq, size]}.
 * Results: {@code F32[batch, seq, size]}: h after each step, and {@code F32[batch, size]}: after the last.
 */
record GatedRecurrence() implements CompositeOp {
    @Override
    public String name() {
        return "gated_recurrence";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("before", "keep", "fresh");
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        TensorType keep = in.get(1);
        boolean fits = keep.rank() == 3
                && keep.dtype() == DType.F32
                && in.get(0).equals(TensorType.of(DType.F32, keep.dim(0), keep.dim(2)))
                && in.get(2).equals(keep);
        if (!fits) {
            throw new IllegalArgumentException(
                    "gated_recurrence: got %s, expected before F32[batch, size], keep and fresh F32[batch, seq, size]"
                            .formatted(in));
        }
        return ImmutableList.of(keep, in.get(0));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        List<Value> out = b.scan(step(in.get(0).type()), 1, 2, 1, in);
        return ImmutableList.of(out.get(1), out.get(0));
    }

    private static Graph step(TensorType type) {
        GraphBuilder b = new GraphBuilder("gated_recurrence_step");
        Value before = b.input("before", type);
        Value keep = b.input("keep", type);
        Value fresh = b.input("fresh", type);
        Value after = b.add(b.mul(keep, before), fresh);
        b.result("after", after);
        b.result("output", after);
        return b.build();
    }
}
