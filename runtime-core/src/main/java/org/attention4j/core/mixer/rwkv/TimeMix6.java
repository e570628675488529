package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.StateSpec;

/**
 * RWKV-6's time mixing (Finch). Parameters beside those of RWKV-5 but {@code log_decay}: {@code x_x, x_w [hidden]}, the low-rank
 * change of the five μ's {@code maa_w1.weight [5·rank, hidden]} and {@code maa_w2 [5, rank, hidden]} in the order w, k, v, r, g, and
 * the decay's {@code w0 [hidden]}, {@code w1.weight [decayRank, hidden]}, {@code w2.weight [hidden, decayRank]}.
 */
public final class TimeMix6 implements SequenceMixer {
    private static final List<String> USES = List.of("x_w", "x_k", "x_v", "x_r", "x_g");

    private final TimeMixConfig config;
    private final int shiftRank;
    private final int decayRank;

    /**
     * @param shiftRank the rank of the change of each μ
     * @param decayRank the rank of the decay's part that depends on the token
     */
    public TimeMix6(TimeMixConfig config, int shiftRank, int decayRank) {
        this.config = config;
        this.shiftRank = shiftRank;
        this.decayRank = decayRank;
    }

    @Override
    public String name() {
        return "rwkv6";
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
        ImmutableList.Builder<ParameterSpec> all = ImmutableList.builder();
        all.add(ParameterSpec.of("x_x", hidden));
        USES.forEach(use -> all.add(ParameterSpec.of(use, hidden)));
        all.add(
                ParameterSpec.of("maa_w1.weight", 5L * shiftRank, hidden),
                ParameterSpec.of("maa_w2", 5, shiftRank, hidden),
                ParameterSpec.of("w0", hidden),
                ParameterSpec.of("w1.weight", decayRank, hidden),
                ParameterSpec.of("w2.weight", hidden, decayRank));
        return all.addAll(HeadMix.parameters(config)).build();
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Shifted shifted = new Shifted(c, state.get(0), x);
        Value changes = b.unary(UnaryKind.TANH, c.linear("maa_w1", shifted.lerp("x_x")));
        Value up = shifted.parameter("maa_w2");
        Value[] mixed = new Value[USES.size()];
        for (int i = 0; i < mixed.length; i++) {
            Value part = b.slice(changes, 2, (long) i * shiftRank, (i + 1L) * shiftRank);
            Value matrix = b.reshape(b.slice(up, 0, i, i + 1L), Dim.of(shiftRank), Dim.of(config.hiddenSize()));
            mixed[i] = shifted.lerp(b.add(shifted.parameter(USES.get(i)), b.matMul(part, matrix)));
        }
        Value raw = b.add(shifted.parameter("w0"), shifted.lowRank("w1", UnaryKind.TANH, "w2", mixed[0]));
        Value decay = b.unary(UnaryKind.NEG, b.unary(UnaryKind.EXP, raw));
        Value key = shifted.heads(c.linear("key", mixed[1]), config.numHeads());
        return new HeadMix(config, c, shifted)
                .mix(form, state.get(1), mixed[3], key, mixed[2], mixed[4], shifted.heads(decay, config.numHeads()));
    }
}
