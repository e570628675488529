package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.StateSpec;

/**
 * RWKV-5's time mixing (5.2). Parameters: {@code x_r, x_k, x_v, x_g [hidden]}, {@code log_decay, bonus [heads, headDim]}, {@code
 * receptance, key, value, gate, output.weight [hidden, hidden]}, {@code ln_x.weight, ln_x.bias [hidden]}.
 */
public final class TimeMix5 implements SequenceMixer {
    private final TimeMixConfig config;

    /** A mixer of these sizes. */
    public TimeMix5(TimeMixConfig config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "rwkv5";
    }

    @Override
    public String describe() {
        return config.describe();
    }

    @Override
    public StateSpec state() {
        return config.state();
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT, Form.CHUNKED);
    }

    @Override
    public List<ParameterSpec> parameters() {
        int hidden = config.hiddenSize();
        return ImmutableList.<ParameterSpec>builder()
                .add(
                        ParameterSpec.of("x_r", hidden),
                        ParameterSpec.of("x_k", hidden),
                        ParameterSpec.of("x_v", hidden),
                        ParameterSpec.of("x_g", hidden),
                        ParameterSpec.of("log_decay", config.numHeads(), config.headDim()))
                .addAll(HeadMix.parameters(config))
                .build();
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Shifted shifted = new Shifted(c, state.get(0), x);
        Value key = shifted.heads(c.linear("key", shifted.lerp("x_k")), config.numHeads());
        Value decay = b.broadcast(shifted.parameter("log_decay"), key.type().dims());
        return new HeadMix(config, c, shifted)
                .mix(form, state.get(1), shifted.lerp("x_r"), key, shifted.lerp("x_v"), shifted.lerp("x_g"), decay);
    }
}
