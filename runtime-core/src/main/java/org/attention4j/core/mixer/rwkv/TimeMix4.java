package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * RWKV-4's time mixing. Parameters: {@code x_k, x_v, x_r [hidden]}, {@code log_decay, bonus [channels]}, {@code key, value,
 * receptance.weight [channels, hidden]}, {@code output.weight [hidden, channels]}. State: {@code shift [batch, hidden]} and {@code
 * numerator, denominator, max [batch, channels]}.
 */
public final class TimeMix4 implements SequenceMixer {
    private final int hiddenSize;
    private final int channels;

    /** @param channels entries of keys and values */
    public TimeMix4(int hiddenSize, int channels) {
        this.hiddenSize = hiddenSize;
        this.channels = channels;
    }

    @Override
    public String name() {
        return "rwkv4";
    }

    @Override
    public String describe() {
        return channels + " channels";
    }

    @Override
    public StateSpec state() {
        TensorType type = TensorType.of(DType.F32, Dims.BATCH, Dim.of(channels));
        return new StateSpec.Recurrent(ImmutableList.of(
                TokenShift.slot(hiddenSize),
                Slot.recurrent("numerator", type),
                Slot.recurrent("denominator", type),
                Slot.recurrent("max", type)));
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT);
    }

    @Override
    public List<ParameterSpec> parameters() {
        return ImmutableList.of(
                ParameterSpec.of("x_k", hiddenSize),
                ParameterSpec.of("x_v", hiddenSize),
                ParameterSpec.of("x_r", hiddenSize),
                ParameterSpec.of("log_decay", channels),
                ParameterSpec.of("bonus", channels),
                ParameterSpec.of("key.weight", channels, hiddenSize),
                ParameterSpec.of("value.weight", channels, hiddenSize),
                ParameterSpec.of("receptance.weight", channels, hiddenSize),
                ParameterSpec.of("output.weight", hiddenSize, channels));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Shifted shifted = new Shifted(c, state.get(0), x);
        Value key = c.unlessPadding(c.linear("key", shifted.lerp("x_k")), Wkv4.PADDING_KEY);
        Value value = c.linear("value", shifted.lerp("x_v"));
        Value receptance = shifted.sigmoid(c.linear("receptance", shifted.lerp("x_r")));
        Value decay = c.unlessPadding(
                b.broadcast(shifted.parameter("log_decay"), key.type().dims()), 0);
        List<Value> out = b.call(
                new Wkv4(),
                List.of(state.get(1), state.get(2), state.get(3), key, value, decay, shifted.parameter("bonus")));
        Value y = c.linear("output", b.mul(receptance, out.get(0)));
        return new Mixed(y, List.of(shifted.last(), out.get(1), out.get(2), out.get(3)));
    }
}
