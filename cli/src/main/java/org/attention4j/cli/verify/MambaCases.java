package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.attention4j.core.mixer.mamba.SelectiveScan;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.Config;

/** Mamba's scans and whole layers. */
@AutoService(OpCase.class)
public final class MambaCases implements OpCase {
    private static final Activate SILU = new Activate(Activation.SILU);

    @Override
    public Set<String> ops() {
        return ImmutableSet.of(
                "causal_conv1d_state",
                "mamba1_selective_scan",
                "mamba1_step",
                "mamba1_block",
                "mamba2_ssd",
                "mamba2_block");
    }

    @Override
    public Graph build(GoldenCase golden) {
        GraphBuilder b = new GraphBuilder(golden.op());
        switch (golden.op()) {
            case "causal_conv1d_state" -> conv(b, golden);
            case "mamba1_selective_scan" -> scan(b, golden);
            case "mamba1_step" -> step(b, golden);
            case "mamba2_ssd" -> ssd(b, golden);
            case "mamba1_block" -> block(b, golden, new MambaMixer(mamba(golden.attrs())));
            default -> block(b, golden, new Mamba2Mixer(mamba2(golden.attrs())));
        }
        return b.build();
    }

    private static Value input(GraphBuilder b, GoldenCase golden, String name) {
        return b.input(name, golden.input(name));
    }

    /** Recorded as {@code [batch, channels, seq]}. */
    private static Value tokensFirst(GraphBuilder b, Value x) {
        return b.transpose(x, 0, 2, 1);
    }

    private static Value zeros(GraphBuilder b, List<Dim> dims) {
        return b.broadcast(b.scalar(DType.F32, 0), dims);
    }

    private static void conv(GraphBuilder b, GoldenCase golden) {
        Value x = tokensFirst(b, input(b, golden, "x"));
        Value weight = input(b, golden, "weight");
        long past = weight.type().fixedDim(1) - 1;
        Value state = golden.inputs().containsKey("conv_state")
                ? tokensFirst(b, input(b, golden, "conv_state"))
                : zeros(b, List.of(x.type().dim(0), Dim.of(past), x.type().dim(2)));
        boolean bias = golden.inputs().containsKey("bias");
        List<Value> in = new ArrayList<>(List.of(state, x, weight));
        if (bias) {
            in.add(input(b, golden, "bias"));
        }
        List<Value> out = b.call(new CausalConv(bias, false), in);
        Value y = golden.attrs().text("activation", "").equals("silu") ? b.apply(SILU, out.get(0)) : out.get(0);
        b.result("out", tokensFirst(b, y));
        b.result("new_conv_state", tokensFirst(b, out.get(1)));
    }

    private static void scan(GraphBuilder b, GoldenCase golden) {
        Value u = tokensFirst(b, input(b, golden, "u"));
        Value delta = delta(b, golden, tokensFirst(b, input(b, golden, "delta")), "delta_bias");
        Value a = input(b, golden, "A");
        Value in = input(b, golden, "B");
        Value out = input(b, golden, "C");
        int groups = golden.attrs().size("groups");
        long each = u.type().fixedDim(2) / groups;
        Value[] ys = new Value[groups];
        Value[] states = new Value[groups];
        for (int g = 0; g < groups; g++) {
            long from = g * each;
            Value part = b.slice(a, 0, from, from + each);
            Value state =
                    zeros(b, List.of(u.type().dim(0), Dim.of(each), a.type().dim(1)));
            List<Value> run = b.call(
                    new SelectiveScan(),
                    List.of(
                            state,
                            b.slice(u, 2, from, from + each),
                            b.slice(delta, 2, from, from + each),
                            part,
                            tokensFirst(b, group(b, in, g)),
                            tokensFirst(b, group(b, out, g))));
            ys[g] = run.get(0);
            states[g] = run.get(1);
        }
        Value y = b.add(b.concat(2, ys), b.mul(u, input(b, golden, "D")));
        if (golden.inputs().containsKey("z")) {
            y = b.mul(y, b.apply(SILU, tokensFirst(b, input(b, golden, "z"))));
        }
        b.result("out", tokensFirst(b, y));
        b.result("final_state", b.concat(1, states));
    }

    /** {@code [batch, state, seq]} of a group of {@code [batch, groups, state, seq]}, or of what has no groups. */
    private static Value group(GraphBuilder b, Value x, int index) {
        if (x.type().rank() == 3) {
            return x;
        }
        return b.reshape(b.slice(x, 1, index, index + 1L), x.type().without(1).dims());
    }

    private static Value delta(GraphBuilder b, GoldenCase golden, Value delta, String bias) {
        Value shifted = golden.inputs().containsKey(bias) ? b.add(delta, input(b, golden, bias)) : delta;
        String softplus = golden.op().equals("mamba1_step") ? "dt_softplus" : "delta_softplus";
        return golden.attrs().flag(softplus) ? b.apply(new Activate(Activation.SOFTPLUS), shifted) : shifted;
    }

    private static void step(GraphBuilder b, GoldenCase golden) {
        Value x = b.unsqueeze(input(b, golden, "x"), 1);
        Value delta = b.unsqueeze(delta(b, golden, input(b, golden, "dt"), "dt_bias"), 1);
        List<Value> run = b.call(
                new SelectiveScan(),
                List.of(
                        input(b, golden, "state"),
                        x,
                        delta,
                        input(b, golden, "A"),
                        b.unsqueeze(input(b, golden, "B"), 1),
                        b.unsqueeze(input(b, golden, "C"), 1)));
        Value y = b.add(run.get(0), b.mul(x, input(b, golden, "D")));
        Value gate = b.apply(SILU, b.unsqueeze(input(b, golden, "z"), 1));
        b.result("out", b.reshape(b.mul(y, gate), x.type().without(1).dims()));
        b.result("new_state", run.get(1));
    }

    private static void ssd(GraphBuilder b, GoldenCase golden) {
        Value x = input(b, golden, "x");
        Value dt = input(b, golden, "dt");
        Value key = input(b, golden, "B");
        Value state = golden.inputs().containsKey("initial_state")
                ? b.transpose(input(b, golden, "initial_state"), 0, 1, 3, 2)
                : zeros(
                        b,
                        List.of(
                                x.type().dim(0),
                                x.type().dim(2),
                                key.type().dim(3),
                                x.type().dim(3)));
        Value decay = b.mul(dt, input(b, golden, "A"));
        List<Value> run = b.call(
                LinearRecurrence.of(Decay.HEAD, false, false, 1),
                List.of(state, input(b, golden, "C"), key, b.mul(x, b.unsqueeze(dt, -1)), decay));
        b.result("out", run.get(0));
        b.result("final_state", b.transpose(run.get(1), 0, 1, 3, 2));
    }

    private static void block(GraphBuilder b, GoldenCase golden, SequenceMixer mixer) {
        GoldenParameters parameters = new GoldenParameters(b, golden);
        parameters.put("A", b.unary(UnaryKind.NEG, b.unary(UnaryKind.EXP, input(b, golden, "A_log"))));
        Value x = input(b, golden, "hidden_states");
        b.result("out", OneMixer.mix(b, mixer, parameters, x).y());
    }

    private static MambaConfig mamba(Config attrs) {
        return MambaConfig.of(
                attrs.size("hidden_size"),
                attrs.size("intermediate_size"),
                attrs.size("state_size"),
                attrs.size("conv_kernel"),
                attrs.size("time_step_rank"));
    }

    private static Mamba2Config mamba2(Config attrs) {
        return new Mamba2Config(
                attrs.size("hidden_size"),
                attrs.size("num_heads"),
                attrs.size("head_dim"),
                attrs.size("state_size"),
                attrs.size("n_groups"),
                attrs.size("conv_kernel"),
                attrs.number("layer_norm_epsilon"),
                1,
                0,
                Double.POSITIVE_INFINITY);
    }
}
