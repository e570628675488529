package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.core.tensor.DType;

/**
 * RWKV-4's weighted average, with numerator and denominator kept as multiples of e^max so that nothing overflows.
 *
 * <p>Inputs, all F32: {@code numerator, denominator, max [batch, channels]}; {@code key, value, log_decay [batch, seq, channels]};
 * {@code bonus [channels]} (u). Results: y {@code [batch, seq, channels]} and the three states. A denominator of 0 is that of a
 * sequence that has not begun.
 */
public record Wkv4() implements Recurrence, ValueMixing {
    /** Below every key: what a sequence that has not begun has as its largest one. */
    private static final double NOTHING = -1e38;

    /** The key of a padding token: so far below that it weighs nothing even before the first token. */
    static final double PADDING_KEY = -3e38;

    @Override
    public String name() {
        return "wkv4";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("numerator", "denominator", "max", "key", "value", "log_decay", "bonus");
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return Optional.of(new MixedValues("value", 1, MixedValues.Mixing.BY_CHANNEL, true));
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType key = in.activation("key", 3);
        in.require(key.rank() == 3, "key", "F32[batch, seq, channels]");
        in.exactly("value", DType.F32, key.dim(0), key.dim(1), key.dim(2));
        in.exactly("log_decay", DType.F32, key.dim(0), key.dim(1), key.dim(2));
        in.exactly("bonus", DType.F32, key.dim(2));
        TensorType state = in.exactly("numerator", DType.F32, key.dim(0), key.dim(2));
        in.exactly("denominator", DType.F32, key.dim(0), key.dim(2));
        in.exactly("max", DType.F32, key.dim(0), key.dim(2));
        return ImmutableList.of(key, state, state, state);
    }

    @Override
    public int numStates() {
        return 3;
    }

    @Override
    public int numSequences() {
        return 3;
    }

    @Override
    public List<Value> step(GraphBuilder b, List<Value> in) {
        Value numerator = in.get(0);
        Value denominator = in.get(1);
        Value key = in.get(3);
        Value value = in.get(4);
        Value begun = b.binary(BinaryKind.LESS, b.scalar(DType.F32, 0), denominator);
        Value max = b.where(begun, in.get(2), b.scalar(DType.F32, NOTHING));

        Value withBonus = b.add(key, in.get(6));
        Value most = b.binary(BinaryKind.MAX, max, withBonus);
        Value past = exp(b, b.sub(max, most));
        Value present = exp(b, b.sub(withBonus, most));
        Value y = b.div(b.add(b.mul(past, numerator), b.mul(present, value)), b.add(b.mul(past, denominator), present));

        Value faded = b.add(max, in.get(5));
        Value next = b.binary(BinaryKind.MAX, faded, key);
        Value kept = exp(b, b.sub(faded, next));
        Value added = exp(b, b.sub(key, next));
        return ImmutableList.of(
                b.add(b.mul(kept, numerator), b.mul(added, value)), b.add(b.mul(kept, denominator), added), next, y);
    }

    private static Value exp(GraphBuilder b, Value x) {
        return b.unary(UnaryKind.EXP, x);
    }
}
