package org.attention4j.core.mixer.recurrence;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;

/**
 * {@code h_t = a_t ⊙ h_{t−1} + b_t}: a state whose entries don't see each other, as in Mamba-1, RG-LRU and HGRN.
 *
 * <p>Inputs, all F32: {@code state [batch, …]} (h before), {@code decay} (a) and {@code input [batch, seq, …]} (b). Results: h
 * after each token, of decay's type, and after the last.
 *
 * <p>It has no chunks: a state entry costs a product and a sum in a token, and any form that does more tokens at once does more
 * of both, while a loop of these two is bound by memory already.
 */
public record DiagonalRecurrence() implements Recurrence, ValueMixing {
    @Override
    public String name() {
        return "diagonal_recurrence";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("state", "decay", "input");
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return Optional.of(new MixedValues("input", 1, MixedValues.Mixing.BY_CHANNEL, false));
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType decay = in.activation("decay", 2);
        in.require(in.get("input").equals(decay), "input", "the type of decay: " + decay);
        in.require(
                in.get("state").equals(decay.without(1)),
                "state",
                decay.without(1).toString());
        return ImmutableList.of(decay, decay.without(1));
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
}
