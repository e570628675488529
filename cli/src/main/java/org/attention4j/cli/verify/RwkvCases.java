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
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mixer.rwkv.Wkv4;
import org.attention4j.core.tensor.DType;

/** RWKV's recurrences. */
@AutoService(OpCase.class)
public final class RwkvCases implements OpCase {
    @Override
    public Set<String> ops() {
        return ImmutableSet.of("rwkv4_wkv", "rwkv5_wkv", "rwkv6_wkv", "rwkv7_wkv");
    }

    @Override
    public Graph build(GoldenCase golden) {
        GraphBuilder b = new GraphBuilder(golden.op());
        switch (golden.op()) {
            case "rwkv4_wkv" -> wkv4(b, golden);
            case "rwkv7_wkv" -> wkv7(b, golden);
            default -> wkv6(b, golden);
        }
        return b.build();
    }

    private static Value input(GraphBuilder b, GoldenCase golden, String name) {
        return b.input(name, golden.input(name));
    }

    private static void wkv4(GraphBuilder b, GoldenCase golden) {
        Value k = input(b, golden, "k");
        Value v = input(b, golden, "v");
        Value decay = b.unary(UnaryKind.NEG, b.unary(UnaryKind.EXP, input(b, golden, "time_decay")));
        List<Value> in = new ArrayList<>();
        for (String part : List.of("num", "den", "max")) {
            in.add(
                    golden.inputs().containsKey(part + "_state")
                            ? input(b, golden, part + "_state")
                            : b.broadcast(
                                    b.scalar(DType.F32, 0), k.type().without(1).dims()));
        }
        in.addAll(List.of(k, v, b.broadcast(decay, k.type().dims()), input(b, golden, "time_first")));
        List<Value> out = b.call(new Wkv4(), in);
        b.result("out", out.get(0));
        b.result("final_num", out.get(1));
        b.result("final_den", out.get(2));
        b.result("final_max", out.get(3));
    }

    private static void wkv6(GraphBuilder b, GoldenCase golden) {
        Value r = input(b, golden, "r");
        Value w = input(b, golden, "w");
        Value v = input(b, golden, "v");
        Value decay = w.type().rank() == 4 ? w : b.broadcast(w, r.type().dims());
        LinearRecurrence op =
                LinearRecurrence.of(Decay.KEY, false, true, golden.attrs().number("scale"));
        List<Value> out = b.call(
                op, List.of(state(b, golden, r, v, false), r, input(b, golden, "k"), v, decay, input(b, golden, "u")));
        b.result("out", out.get(0));
        b.result("final_state", out.get(1));
    }

    private static void wkv7(GraphBuilder b, GoldenCase golden) {
        Value r = input(b, golden, "r");
        Value v = input(b, golden, "v");
        LinearRecurrence op =
                LinearRecurrence.of(Decay.KEY, true, false, golden.attrs().number("scale"));
        List<Value> out = b.call(
                op,
                List.of(
                        state(b, golden, r, v, true),
                        r,
                        input(b, golden, "k"),
                        v,
                        input(b, golden, "w"),
                        input(b, golden, "a"),
                        input(b, golden, "b")));
        b.result("out", out.get(0));
        b.result("final_state", b.transpose(out.get(1), 0, 1, 3, 2));
    }

    private static Value state(GraphBuilder b, GoldenCase golden, Value r, Value v, boolean transposed) {
        if (golden.inputs().containsKey("initial_state")) {
            Value state = input(b, golden, "initial_state");
            return transposed ? b.transpose(state, 0, 1, 3, 2) : state;
        }
        List<Dim> dims = List.of(
                r.type().dim(0), r.type().dim(2), r.type().dim(3), v.type().dim(3));
        return b.broadcast(b.scalar(DType.F32, 0), dims);
    }
}
