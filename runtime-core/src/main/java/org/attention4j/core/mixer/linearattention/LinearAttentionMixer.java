package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.norm.GroupNorm;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * Gated linear attention as a layer: RetNet, GLA, HGRN2, DeltaNet and what lies between them, by {@link LinearAttentionConfig}.
 *
 * <p>Parameters: {@code q_proj.weight [keys, hidden]}, {@code k_proj.weight [keys, hidden]} but with {@link
 * Forgetting.LowerBounded}, {@code v_proj.weight [values, hidden]}; those of {@link Forgetting}; with the delta rule {@code
 * b_proj.weight [heads, hidden]}; with convolutions {@code q_conv1d.weight}, {@code k_conv1d.weight [keys, 1, kernel]} and {@code
 * v_conv1d.weight [values, 1, kernel]}; those of {@link OutputNorm}; with a gate {@code g_proj.weight [values, hidden]}; {@code
 * o_proj.weight [hidden, values]}. State: {@code memory [batch, heads, keyDim, valueDim]}, after {@code q_conv}, {@code k_conv} and
 * {@code v_conv [batch, kernel − 1, channels]} where there are convolutions.
 */
public final class LinearAttentionMixer implements SequenceMixer {
    private static final double L2_EPS = 1e-6;
    private static final Activate SILU = new Activate(Activation.SILU);

    private final LinearAttentionConfig config;
    private final ForgetGate gate;

    /** A mixer of this configuration. */
    public LinearAttentionMixer(LinearAttentionConfig config) {
        this.config = config;
        this.gate = new ForgetGate(config);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String describe() {
        String conv = config.kernel() > 0 ? ", conv " + config.kernel() : "";
        return "%d heads of %d×%d%s".formatted(config.numHeads(), config.keyDim(), config.valueDim(), conv);
    }

    @Override
    public StateSpec state() {
        ImmutableList.Builder<Slot> slots = ImmutableList.builder();
        if (config.kernel() > 0) {
            slots.add(
                    CausalConv.slot("q_conv", config.kernel(), config.keys()),
                    CausalConv.slot("k_conv", config.kernel(), config.keys()),
                    CausalConv.slot("v_conv", config.kernel(), config.values()));
        }
        TensorType memory = TensorType.of(
                DType.F32, Dims.BATCH, Dim.of(config.numHeads()), Dim.of(config.keyDim()), Dim.of(config.valueDim()));
        return new StateSpec.Recurrent(
                slots.add(Slot.recurrent("memory", memory)).build());
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT, Form.CHUNKED);
    }

    @Override
    public List<ParameterSpec> parameters() {
        int hidden = config.hiddenSize();
        ImmutableList.Builder<ParameterSpec> all = ImmutableList.builder();
        all.add(ParameterSpec.of("q_proj.weight", config.keys(), hidden));
        if (!gate.givesKeys()) {
            all.add(ParameterSpec.of("k_proj.weight", config.keys(), hidden));
        }
        all.add(ParameterSpec.of("v_proj.weight", config.values(), hidden));
        all.addAll(gate.parameters());
        if (config.delta()) {
            all.add(ParameterSpec.of("b_proj.weight", config.numHeads(), hidden));
        }
        if (config.kernel() > 0) {
            all.add(
                    ParameterSpec.of("q_conv1d.weight", config.keys(), 1, config.kernel()),
                    ParameterSpec.of("k_conv1d.weight", config.keys(), 1, config.kernel()),
                    ParameterSpec.of("v_conv1d.weight", config.values(), 1, config.kernel()));
        }
        switch (config.norm()) {
            case HEAD_RMS -> all.add(ParameterSpec.of("norm.weight", config.valueDim()));
            case HEAD_LAYER ->
                all.add(
                        ParameterSpec.of("norm.weight", config.values()),
                        ParameterSpec.of("norm.bias", config.values()));
            case RMS -> all.add(ParameterSpec.of("norm.weight", config.values()));
        }
        if (config.outputGate()) {
            all.add(ParameterSpec.of("g_proj.weight", config.values(), hidden));
        }
        return all.add(ParameterSpec.of("o_proj.weight", hidden, config.values()))
                .build();
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        List<Value> next = new ArrayList<>();
        ForgetGate.Gate forgetting = gate.write(c, x);
        Value query = heads(c, input(c, "q", x, state, next));
        Value key = heads(c, forgetting.keys().orElseGet(() -> input(c, "k", x, state, next)));
        Value value = heads(c, input(c, "v", x, state, next));
        if (config.delta()) {
            L2Norm unit = new L2Norm(L2_EPS);
            query = c.builder().apply(unit, query);
            key = c.builder().apply(unit, key);
        }
        Value memory = state.getLast();
        Value padded = c.unlessPadding(rotate(c, key), 0);
        List<Value> in = operands(c, x, memory, rotate(c, query), padded, value, forgetting);
        LinearRecurrence recurrence =
                LinearRecurrence.of(config.forgetting().decay(), config.delta(), false, 1 / Math.sqrt(config.keyDim()));
        List<Value> out = form == Form.CHUNKED
                ? recurrence.chunks(c.builder(), in)
                : c.builder().call(recurrence, in);
        next.add(out.get(1));
        return new Mixed(c.linear("o_proj", output(c, x, out.get(0))), next);
    }

    /** {@code name_proj x}, through its convolution and SiLU where there are such. */
    private Value input(MixContext c, String name, Value x, List<Value> state, List<Value> next) {
        Value y = c.linear(name + "_proj", x);
        if (config.kernel() > 0) {
            List<Value> conv = CausalConv.append(c, name + "_conv1d", state.get(next.size()), y);
            next.add(conv.get(1));
            y = conv.get(0);
        }
        boolean activated = config.kernel() > 0 || config.delta() || (gate.givesKeys() && name.equals("q"));
        return activated ? c.builder().apply(SILU, y) : y;
    }

    /** What the recurrence takes; the delta rule corrects what has faded already. */
    private List<Value> operands(
            MixContext c, Value x, Value memory, Value query, Value key, Value value, ForgetGate.Gate forgetting) {
        GraphBuilder b = c.builder();
        List<Value> in = new ArrayList<>(List.of(memory, query, key, value));
        forgetting.logDecay().map(g -> c.unlessPadding(g, 0)).ifPresent(in::add);
        if (config.delta()) {
            Value beta = b.unary(UnaryKind.SIGMOID, c.linear("b_proj", x));
            Value written = b.mul(b.unsqueeze(beta, -1), key);
            Value removed = b.unary(UnaryKind.NEG, written);
            if (forgetting.logDecay().isPresent()) {
                Value factor = b.unary(UnaryKind.EXP, forgetting.logDecay().get());
                removed = b.mul(removed, config.forgetting().decay() == Decay.HEAD ? b.unsqueeze(factor, -1) : factor);
            }
            in.set(2, written);
            in.add(removed);
            in.add(key);
        }
        return in;
    }

    private Value rotate(MixContext c, Value x) {
        if (config.rope().isEmpty()) {
            return x;
        }
        RopeConfig rope = config.rope().get();
        Value positions = c.positions(x.type().dim(1));
        List<Value> table = c.once(
                ImmutableList.of(rope.table(), positions),
                () -> c.builder().call(rope.table(), ImmutableList.of(positions)));
        return c.builder().apply(rope.rope(), x, table.get(0), table.get(1));
    }

    private Value output(MixContext c, Value x, Value y) {
        GraphBuilder b = c.builder();
        Value weight = c.parameters().get("norm.weight");
        List<Dim> flat = List.of(x.type().dim(0), x.type().dim(1), Dim.of(config.values()));
        Value normed = switch (config.norm()) {
            case HEAD_RMS -> b.reshape(b.apply(new RmsNorm(config.eps(), 0), y, weight), flat);
            case HEAD_LAYER -> {
                GroupNorm norm = new GroupNorm(config.numHeads(), config.eps());
                yield b.apply(norm, b.reshape(y, flat), weight, c.parameters().get("norm.bias"));
            }
            case RMS -> b.apply(new RmsNorm(config.eps(), 0), b.reshape(y, flat), weight);
        };
        return config.outputGate() ? b.mul(normed, b.apply(SILU, c.linear("g_proj", x))) : normed;
    }

    /** {@code [batch, seq, heads, entries of a head]}. */
    private Value heads(MixContext c, Value x) {
        Dim each = Dim.of(x.type().fixedDim(2) / config.numHeads());
        return c.builder().reshape(x, x.type().dim(0), x.type().dim(1), Dim.of(config.numHeads()), each);
    }
}
