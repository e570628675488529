package org.attention4j.core.mixer.rwkv;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.norm.GroupNorm;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.core.state.StateSpec;

/**
 * RWKV-7's time mixing (Goose). Parameters: {@code x_r, x_w, x_k, x_v, x_a, x_g [hidden]}; {@code w0, a0, k_k, k_a [hidden]}; {@code
 * r_k [heads, headDim]}; low-rank pairs {@code w1, w2}, {@code a1, a2}, {@code g1, g2} with {@code .weight [rank, hidden]} and {@code
 * [hidden, rank]}; after layer 0 also {@code v0, v1, v2}; {@code receptance, key, value, output.weight [hidden, hidden]}; {@code
 * ln_x.weight, ln_x.bias [hidden]}.
 */
public final class TimeMix7 implements SequenceMixer {
    /** e^(−½): no decay is stronger than e^(−e^(−½)) = 0.545 a token. */
    private static final double STRONGEST = Math.exp(-0.5);

    private static final double L2_EPS = 1e-24;

    private final TimeMixConfig config;
    private final Ranks ranks;
    private final boolean first;

    /**
     * The ranks of the low-rank parts.
     *
     * @param decay of w
     * @param rate of a, the in-context learning rate
     * @param value of v, the value residual; 0 in layer 0
     * @param gate of g
     */
    public record Ranks(int decay, int rate, int value, int gate) {}

    /** @param first whether this is layer 0, whose values the others take up */
    public TimeMix7(TimeMixConfig config, Ranks ranks, boolean first) {
        this.config = config;
        this.ranks = ranks;
        this.first = first;
    }

    @Override
    public String name() {
        return "rwkv7";
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
        for (String vector : List.of(
                "x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "w0", "a0", "k_k", "k_a", "ln_x.weight", "ln_x.bias")) {
            all.add(ParameterSpec.of(vector, hidden));
        }
        for (String matrix : List.of("receptance.weight", "key.weight", "value.weight", "output.weight")) {
            all.add(ParameterSpec.of(matrix, hidden, hidden));
        }
        all.add(ParameterSpec.of("r_k", config.numHeads(), config.headDim()));
        lowRank(all, "w", ranks.decay());
        lowRank(all, "a", ranks.rate());
        lowRank(all, "g", ranks.gate());
        if (!first) {
            all.add(ParameterSpec.of("v0", hidden));
            lowRank(all, "v", ranks.value());
        }
        return all.build();
    }

    private void lowRank(ImmutableList.Builder<ParameterSpec> all, String name, int rank) {
        all.add(
                ParameterSpec.of(name + "1.weight", rank, config.hiddenSize()),
                ParameterSpec.of(name + "2.weight", config.hiddenSize(), rank));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        int heads = config.numHeads();
        Shifted s = new Shifted(c, state.get(0), x);
        Map<String, Value> mixed = s.lerps(List.of("x_r", "x_w", "x_k", "x_v", "x_a", "x_g"));
        Value receptance = s.heads(c.linear("receptance", requireNonNull(mixed.get("x_r"))), heads);
        Value raw = b.add(s.parameter("w0"), s.lowRank("w1", UnaryKind.TANH, "w2", requireNonNull(mixed.get("x_w"))));
        Value decay = s.heads(b.mul(s.sigmoid(raw), -STRONGEST), heads);
        Value rawKey = c.linear("key", requireNonNull(mixed.get("x_k")));
        Value forValue = requireNonNull(mixed.get("x_v"));
        Value value = s.heads(residual(c, s, c.linear("value", forValue), forValue), heads);
        Value rate = s.sigmoid(b.add(s.parameter("a0"), s.lowRank("a1", "a2", requireNonNull(mixed.get("x_a")))));
        Value gate = s.lowRank("g1", UnaryKind.SIGMOID, "g2", requireNonNull(mixed.get("x_g")));

        Value direction = b.apply(new L2Norm(L2_EPS), s.heads(b.mul(rawKey, s.parameter("k_k")), heads));
        Value less = b.mul(b.add(rate, -1), s.parameter("k_a"));
        Value key = s.heads(b.mul(rawKey, b.add(less, 1)), heads);

        LinearRecurrence recurrence =
                LinearRecurrence.of(Decay.KEY, true, false, 1).withLeastLogDecay(-STRONGEST);
        List<Value> in = List.of(
                state.get(1),
                receptance,
                c.unlessPadding(key, 0),
                value,
                c.unlessPadding(decay, 0),
                c.unlessPadding(b.unary(UnaryKind.NEG, direction), 0),
                b.mul(direction, s.heads(rate, heads)));
        List<Value> out = form == Form.CHUNKED ? recurrence.chunks(b, in) : b.call(recurrence, in);
        Value normed = b.apply(
                new GroupNorm(heads, config.normEps()),
                b.reshape(out.get(0), x.type().dims()),
                c.parameters().get("ln_x.weight"),
                c.parameters().get("ln_x.bias"));
        Value agreement = b.reduce(ReduceKind.SUM, b.mul(b.mul(receptance, key), s.parameter("r_k")), true, -1);
        Value bonus = b.reshape(b.mul(agreement, value), x.type().dims());
        Value y = c.linear("output", b.mul(b.add(normed, bonus), gate));
        return new Mixed(y, List.of(s.last(), out.get(1)));
    }

    /** The values of this layer, moved towards those of layer 0, which all layers of a graph share. */
    private Value residual(MixContext c, Shifted s, Value value, Value forValue) {
        Value ofFirst = c.once("rwkv7 values of layer 0", () -> value);
        if (first) {
            return value;
        }
        GraphBuilder b = c.builder();
        Value part = s.sigmoid(b.add(s.parameter("v0"), s.lowRank("v1", "v2", forValue)));
        return b.add(value, b.mul(b.sub(ofFirst, value), part));
    }
}
