package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer.Mixed;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.norm.GroupNorm;

/** What RWKV-5 and 6 have in common: the recurrence, the norm of its heads, the gate. */
final class HeadMix {
    private final TimeMixConfig config;
    private final MixContext c;
    private final Shifted shifted;

    HeadMix(TimeMixConfig config, MixContext c, Shifted shifted) {
        this.config = config;
        this.c = c;
        this.shifted = shifted;
    }

    static List<ParameterSpec> parameters(TimeMixConfig config) {
        int hidden = config.hiddenSize();
        return ImmutableList.of(
                ParameterSpec.of("bonus", config.numHeads(), config.headDim()),
                ParameterSpec.of("receptance.weight", hidden, hidden),
                ParameterSpec.of("key.weight", hidden, hidden),
                ParameterSpec.of("value.weight", hidden, hidden),
                ParameterSpec.of("gate.weight", hidden, hidden),
                ParameterSpec.of("output.weight", hidden, hidden),
                ParameterSpec.of("ln_x.weight", hidden),
                ParameterSpec.of("ln_x.bias", hidden));
    }

    /**
     * Writes the mixer from its shifted inputs.
     *
     * @param key {@code [batch, seq, heads, headDim]}
     * @param decay log decay, likewise
     */
    Mixed mix(Form form, Value state, Value forReceptance, Value key, Value forValue, Value forGate, Value decay) {
        GraphBuilder b = c.builder();
        Value receptance = shifted.heads(c.linear("receptance", forReceptance), config.numHeads());
        Value value = shifted.heads(c.linear("value", forValue), config.numHeads());
        LinearRecurrence recurrence = LinearRecurrence.of(Decay.KEY, false, true, 1);
        List<Value> in = List.of(
                state,
                receptance,
                c.unlessPadding(key, 0),
                value,
                c.unlessPadding(decay, 0),
                shifted.parameter("bonus"));
        List<Value> out = form == Form.CHUNKED ? recurrence.chunks(b, in) : b.call(recurrence, in);
        Value flat = b.reshape(out.get(0), forGate.type().dims());
        Value normed = b.apply(
                new GroupNorm(config.numHeads(), config.normEps()),
                flat,
                c.parameters().get("ln_x.weight"),
                c.parameters().get("ln_x.bias"));
        Value gate = b.apply(new Activate(Activation.SILU), c.linear("gate", forGate));
        return new Mixed(c.linear("output", b.mul(normed, gate)), List.of(shifted.last(), out.get(1)));
    }
}
