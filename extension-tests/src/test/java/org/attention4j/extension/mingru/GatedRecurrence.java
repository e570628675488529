package org.attention4j.extension.mingru;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.recurrence.ChunkedRecurrence;
import org.attention4j.core.tensor.DType;

/**
 * {@code h_t = keep_t · h_{t−1} + fresh_t}, step by step or by chunks.
 *
 * <p>Inputs: {@code before F32[batch, size]}: h before the first step; {@code keep} and {@code fresh F32[batch, seq, size]}.
 * Results: {@code F32[batch, seq, size]}: h after each step, and {@code F32[batch, size]}: after the last.
 */
record GatedRecurrence(int chunkSize) implements ChunkedRecurrence {
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
    public int numStates() {
        return 1;
    }

    @Override
    public int numSequences() {
        return 2;
    }

    @Override
    public List<Value> step(GraphBuilder b, List<Value> in) {
        Value after = b.add(b.mul(in.get(1), in.get(0)), in.get(2));
        return ImmutableList.of(after, after);
    }

    @Override
    public double neutral(int sequence) {
        return sequence == 0 ? 1 : 0;
    }

    /** By the triangular matrices of decays: {@code h_t = Π keep · h_0 + Σ_s (Π_{s<r≤t} keep_r) · fresh_s}. */
    @Override
    public List<Value> chunk(GraphBuilder b, List<Value> in) {
        Value logs = b.cumSum(b.transpose(b.unary(UnaryKind.LOG, in.get(1)), 0, 2, 1), -1, false, false);
        Value index = b.iota(Dim.of(chunkSize));
        Value seen = b.binary(BinaryKind.LESS_EQUAL, b.unsqueeze(index, 0), b.unsqueeze(index, 1));
        Value between = b.sub(b.unsqueeze(logs, -1), b.unsqueeze(logs, -2));
        Value masked = b.where(seen, between, b.scalar(DType.F32, Double.NEGATIVE_INFINITY));
        Value sums = b.matMul(b.unary(UnaryKind.EXP, masked), b.unsqueeze(b.transpose(in.get(2), 0, 2, 1), -1));
        Value fromBefore = b.mul(b.unary(UnaryKind.EXP, logs), b.unsqueeze(in.get(0), -1));
        Value all = b.add(b.reshape(sums, logs.type().dims()), fromBefore);
        Value last = b.slice(all, -1, chunkSize - 1L, chunkSize);
        return ImmutableList.of(b.reshape(last, in.get(0).type().dims()), b.transpose(all, 0, 2, 1));
    }
}
