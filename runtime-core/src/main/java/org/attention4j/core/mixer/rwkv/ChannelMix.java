package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.state.StateSpec;

/**
 * RWKV's channel mixing: an MLP that also sees the token before. Parameters: {@code x_k [hidden]}, {@code key.weight [ffn,
 * hidden]}, {@code value.weight [hidden, ffn]}, and if gated {@code x_r [hidden]} and {@code receptance.weight [hidden, hidden]}.
 * State: {@code shift [batch, hidden]}.
 */
public final class ChannelMix implements SequenceMixer {
    private final int hiddenSize;
    private final int ffnSize;
    private final boolean gated;

    /** @param gated whether there is a receptance: before RWKV-7 */
    public ChannelMix(int hiddenSize, int ffnSize, boolean gated) {
        this.hiddenSize = hiddenSize;
        this.ffnSize = ffnSize;
        this.gated = gated;
    }

    @Override
    public String name() {
        return "channel_mix";
    }

    @Override
    public String describe() {
        return "channels " + ffnSize;
    }

    @Override
    public StateSpec state() {
        return new StateSpec.Recurrent(ImmutableList.of(TokenShift.slot(hiddenSize)));
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT);
    }

    @Override
    public List<ParameterSpec> parameters() {
        ImmutableList.Builder<ParameterSpec> all = ImmutableList.<ParameterSpec>builder()
                .add(
                        ParameterSpec.of("x_k", hiddenSize),
                        ParameterSpec.of("key.weight", ffnSize, hiddenSize),
                        ParameterSpec.of("value.weight", hiddenSize, ffnSize));
        if (gated) {
            all.add(ParameterSpec.of("x_r", hiddenSize), ParameterSpec.of("receptance.weight", hiddenSize, hiddenSize));
        }
        return all.build();
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        Shifted shifted = new Shifted(c, state.getFirst(), x);
        Value keys = c.builder().apply(new Activate(Activation.RELU2), c.linear("key", shifted.lerp("x_k")));
        Value y = c.linear("value", keys);
        if (gated) {
            Value gate = shifted.sigmoid(c.linear("receptance", shifted.lerp("x_r")));
            y = c.builder().mul(gate, y);
        }
        return new Mixed(y, List.of(shifted.last()));
    }
}
