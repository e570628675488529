package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Linear attention as calls of the one recurrence that covers its family. */
@AutoService(OpCase.class)
public final class LinearAttentionCases implements OpCase {
    /** Of the sum of squares, where keys and queries are normalised inside of the op. */
    private static final double L2_EPS = 1e-6;

    @Override
    public Set<String> ops() {
        return ImmutableSet.of(
                "linear_attn_identity",
                "retention",
                "lightning_attn_fla",
                "simple_gla",
                "gla",
                "hgrn2",
                "delta_net",
                "gated_delta_net",
                "gated_delta_net_qwen3next",
                "kimi_delta_attn",
                "hgrn");
    }

    @Override
    public Graph build(GoldenCase golden) {
        GraphBuilder b = new GraphBuilder(golden.op());
        if (golden.op().equals("hgrn")) {
            hgrn(b, golden);
            return b.build();
        }
        Value q = b.input("q", golden.input("q"));
        Value v = b.input("v", golden.input("v"));
        Decay decay = decay(golden);
        List<Value> decays = new ArrayList<>();
        switch (golden.op()) {
            case "retention" -> decays.add(constant(b, q, h -> Math.log1p(-Math.pow(2, -5.0 - h))));
            case "lightning_attn_fla" -> decays.add(constant(b, q, lightning(golden)));
            case "linear_attn_identity", "delta_net" -> {}
            default -> {
                String name = golden.inputs().containsKey("gk") ? "gk" : "g";
                decays.add(b.input(name, golden.input(name)));
            }
        }
        Value k = key(b, golden, decays);
        if (golden.op().equals("gated_delta_net_qwen3next")) {
            q = b.apply(new L2Norm(L2_EPS), q);
            k = b.apply(new L2Norm(L2_EPS), k);
        }
        List<Value> in = new ArrayList<>(List.of(state(b, golden, k, v), q, k, v));
        in.addAll(decays);
        boolean delta = golden.inputs().containsKey("beta");
        if (delta) {
            Value beta = b.unsqueeze(b.input("beta", golden.input("beta")), -1);
            in.set(2, b.mul(beta, k));
            in.add(removal(b, beta, k, decays));
            in.add(k);
        }
        double scale = golden.attrs().number("scale");
        List<Value> out = b.call(LinearRecurrence.of(decay, delta, false, scale), in);
        b.result("out", out.get(0));
        if (golden.outputs().containsKey("final_state")) {
            b.result("final_state", out.get(1));
        }
        return b.build();
    }

    /** {@code h_t = e^{g_t} h_{t−1} + x_t}: a head for each channel, with one key entry of 1 and one value. */
    private static void hgrn(GraphBuilder b, GoldenCase golden) {
        Value x = b.input("x", golden.input("x"));
        Value g = b.input("g", golden.input("g"));
        Value values = b.unsqueeze(x, -1);
        Value ones = b.broadcast(b.scalar(DType.F32, 1), values.type().dims());
        List<Dim> channels = x.type().without(1).dims();
        Value before = golden.inputs().containsKey("initial_state")
                ? b.input("initial_state", golden.input("initial_state"))
                : b.broadcast(b.scalar(DType.F32, 0), channels);
        List<Dim> matrix = List.of(channels.get(0), channels.get(1), Dim.of(1), Dim.of(1));
        List<Value> out = b.call(
                LinearRecurrence.of(Decay.HEAD, false, false, 1),
                List.of(b.reshape(before, matrix), ones, ones, values, g));
        b.result("out", b.reshape(out.get(0), x.type().dims()));
        b.result("final_state", b.reshape(out.get(1), channels));
    }

    private static Decay decay(GoldenCase golden) {
        return switch (golden.op()) {
            case "linear_attn_identity", "delta_net" -> Decay.NONE;
            case "gla", "hgrn2", "kimi_delta_attn" -> Decay.KEY;
            default -> Decay.HEAD;
        };
    }

    /** HGRN2 has no key but what its gate leaves. */
    private static Value key(GraphBuilder b, GoldenCase golden, List<Value> decays) {
        if (!golden.op().equals("hgrn2")) {
            return b.input("k", golden.input("k"));
        }
        return b.sub(b.scalar(DType.F32, 1), b.unary(UnaryKind.EXP, decays.getFirst()));
    }

    /** {@code −β e^g ⊙ k}: the delta rule corrects what has faded already. */
    private static Value removal(GraphBuilder b, Value beta, Value k, List<Value> decays) {
        Value removal = b.unary(UnaryKind.NEG, b.mul(beta, k));
        for (Value g : decays) {
            Value factor = b.unary(UnaryKind.EXP, g);
            removal = b.mul(removal, g.type().rank() < k.type().rank() ? b.unsqueeze(factor, -1) : factor);
        }
        return removal;
    }

    /** {@code −(8/H)(1 − layer/layers) h}. */
    private static IntToDoubleFunction lightning(GoldenCase golden) {
        double layer = golden.attrs().size("layer_idx");
        double part = 1 - layer / golden.attrs().size("num_layers");
        return h -> -8.0 / golden.attrs().size("num_heads") * part * h;
    }

    /** A log decay for each head, for all tokens. */
    private static Value constant(GraphBuilder b, Value q, IntToDoubleFunction ofHead) {
        int heads = (int) q.type().fixedDim(2);
        Tensor t = Tensor.zeros(DType.F32, Shape.of(heads));
        for (int h = 0; h < heads; h++) {
            t.setDouble(h, ofHead.applyAsDouble(h));
        }
        return b.broadcast(b.constant("log_decay", t), q.type().without(3).dims());
    }

    private static Value state(GraphBuilder b, GoldenCase golden, Value k, Value v) {
        if (golden.inputs().containsKey("initial_state")) {
            return b.input("initial_state", golden.input("initial_state"));
        }
        TensorType type = k.type();
        List<Dim> dims = List.of(type.dim(0), type.dim(2), type.dim(3), v.type().dim(3));
        return b.broadcast(b.scalar(DType.F32, 0), dims);
    }
}
