package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.linearattention.FavorFeatures;
import org.attention4j.core.mixer.linearattention.KernelAttention;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;

/** Attention by products of features: elu + 1, and Performer's. */
@AutoService(OpCase.class)
public final class KernelAttentionCases implements OpCase {
    @Override
    public Set<String> ops() {
        return ImmutableSet.of(
                "linear_attn_elu1_causal", "linear_attn_elu1_full", "performer_favor_softmax", "performer_favor_relu");
    }

    @Override
    public Graph build(GoldenCase golden) {
        GraphBuilder b = new GraphBuilder(golden.op());
        Value q = b.input("q", golden.input("q"));
        Value k = b.input("k", golden.input("k"));
        Value v = b.input("v", golden.input("v"));
        if (golden.op().startsWith("performer")) {
            performer(b, golden, q, k, v);
        } else {
            elu(b, golden, q, k, v);
        }
        return b.build();
    }

    private static void elu(GraphBuilder b, GoldenCase golden, Value q, Value k, Value v) {
        Value query = b.apply(new Activate(Activation.ELU1), q);
        Value key = b.apply(new Activate(Activation.ELU1), k);
        boolean causal = golden.attrs().flag("causal", true);
        KernelAttention op = new KernelAttention(causal, golden.attrs().number("eps"));
        if (!causal) {
            b.result("out", b.apply(op, query, key, v));
            return;
        }
        List<Dim> normalizer =
                List.of(q.type().dim(0), q.type().dim(2), q.type().dim(3));
        Value zero = b.scalar(DType.F32, 0);
        Value state = b.broadcast(
                zero,
                List.of(
                        q.type().dim(0),
                        q.type().dim(2),
                        q.type().dim(3),
                        v.type().dim(3)));
        Value sum = b.broadcast(zero, normalizer);
        if (golden.inputs().containsKey("initial_state")) {
            state = b.input("initial_state", golden.input("initial_state"));
            sum = b.reshape(b.input("initial_z", golden.input("initial_z")), normalizer);
        }
        List<Value> out = b.call(op, List.of(state, sum, query, key, v));
        b.result("out", out.get(0));
        b.result("final_state", out.get(1));
        b.result("final_z", b.unsqueeze(out.get(2), 1));
    }

    private static void performer(GraphBuilder b, GoldenCase golden, Value q, Value k, Value v) {
        FavorFeatures.Kernel kernel =
                golden.op().endsWith("relu") ? FavorFeatures.Kernel.RELU : FavorFeatures.Kernel.SOFTMAX;
        double eps = golden.attrs().number("eps");
        Value projection = b.input("projection", golden.input("projection"));
        Value query = b.apply(new FavorFeatures(kernel, FavorFeatures.Stabilizer.TOKEN, eps), q, projection);
        Value key = b.apply(new FavorFeatures(kernel, FavorFeatures.Stabilizer.SEQUENCE, eps), k, projection);
        b.result("q_features", query);
        b.result("k_features", key);
        if (!golden.attrs().flag("causal")) {
            b.result("out", b.apply(new KernelAttention(false, 0), query, key, v));
            return;
        }
        // The recorded code adds eps to every entry of the sum of keys, which is a sum that begins there.
        List<Dim> dims =
                List.of(q.type().dim(0), q.type().dim(2), projection.type().dim(0));
        Value sum = b.broadcast(b.scalar(DType.F32, golden.attrs().number("causal_eps")), dims);
        Value state = b.broadcast(
                b.scalar(DType.F32, 0),
                List.of(dims.get(0), dims.get(1), dims.get(2), v.type().dim(3)));
        b.result(
                "out",
                b.call(new KernelAttention(true, 0), List.of(state, sum, query, key, v))
                        .getFirst());
    }
}
