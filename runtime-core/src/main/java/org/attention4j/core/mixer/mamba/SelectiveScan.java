package org.attention4j.core.mixer.mamba;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.mixer.recurrence.DiagonalRecurrence;
import org.attention4j.core.tensor.DType;

/**
 * Mamba-1's recurrence and output, without D.
 *
 * <p>Inputs, all F32: {@code state [batch, inner, N]}, {@code u} and {@code delta [batch, seq, inner]} (Δ, after softplus), {@code a
 * [inner, N]} (negative), {@code b} and {@code c [batch, seq, N]}. Results: y {@code [batch, seq, inner]} and the next state.
 */
public record SelectiveScan() implements ValueMixing {
    @Override
    public String name() {
        return "selective_scan";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("state", "u", "delta", "a", "b", "c");
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return Optional.of(new MixedValues("u", 1, MixedValues.Mixing.BY_CHANNEL, false));
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType u = in.activation("u", 3);
        in.require(u.rank() == 3, "u", "F32[batch, seq, inner]");
        in.exactly("delta", DType.F32, u.dim(0), u.dim(1), u.dim(2));
        TensorType a = in.get("a");
        in.require(a.rank() == 2 && a.dim(0).equals(u.dim(2)), "a", "F32[%s, N]".formatted(u.dim(2)));
        Dim n = a.dim(1);
        in.exactly("b", DType.F32, u.dim(0), u.dim(1), n);
        in.exactly("c", DType.F32, u.dim(0), u.dim(1), n);
        return ImmutableList.of(u, in.exactly("state", DType.F32, u.dim(0), u.dim(2), n));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value u = in.get(1);
        Value delta = in.get(2);
        Value decay = b.unary(UnaryKind.EXP, b.mul(b.unsqueeze(delta, -1), in.get(3)));
        Value input = b.mul(b.unsqueeze(b.mul(delta, u), -1), b.unsqueeze(in.get(4), 2));
        List<Value> out = b.call(new DiagonalRecurrence(), List.of(in.get(0), decay, input));
        Value y = b.matMul(out.get(0), b.unsqueeze(in.get(5), -1));
        return ImmutableList.of(b.reduce(ReduceKind.SUM, y, false, -1), out.get(1));
    }
}
