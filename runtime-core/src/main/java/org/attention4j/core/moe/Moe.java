package org.attention4j.core.moe;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mlp.GatedMlp;

/**
 * A whole mixture of experts: x {@code F32[..., dim]}; router {@code [experts, dim]}, router_bias {@code [experts]},
 * selection_bias {@code [experts]}; the experts' weights as {@link Experts} names and describes them; shared_gate and shared_up
 * {@code [sharedHidden, dim]}, shared_down {@code [dim, sharedHidden]}, shared_router {@code [1, dim]}. {@link #inputNames()}
 * says which of these there are. The results are y, of x's type, and ids {@code I64[..., topK]}, the experts that each token
 * went through: counting them gives each expert's load.
 *
 * <p>An architecture writes {@code m.moe(moe, x, names)}, where {@code names} gives the model's name of each weight
 * ({@link org.attention4j.core.model.ModelBuilder#moe}). Experts that a checkpoint stores one by one are stacked first.
 *
 * @param routing what becomes of the router's logits
 * @param experts the chosen experts
 * @param routerBias whether there is a bias of the logits
 * @param shared the expert that all tokens go through, if there is one
 */
public record Moe(Routing routing, Experts experts, boolean routerBias, Optional<SharedExpert> shared)
        implements CompositeOp {
    /** Without a router bias and shared experts. */
    public Moe(Routing routing, Experts experts) {
        this(routing, experts, false, Optional.empty());
    }

    /** The same with a shared expert. */
    public Moe withShared(SharedExpert expert) {
        return new Moe(routing, experts, routerBias, Optional.of(expert));
    }

    @Override
    public String name() {
        return "moe";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        names.add("x", "router");
        if (routerBias) {
            names.add("router_bias");
        }
        if (routing.selectionBias()) {
            names.add("selection_bias");
        }
        names.addAll(experts.weightNames());
        shared.ifPresent(s -> {
            names.add("shared_gate", "shared_up", "shared_down");
            if (s.gated()) {
                names.add("shared_router");
            }
        });
        return names.build();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 2);
        Dim numExperts = in.matrix("router").dim(0);
        in.matrix("router", numExperts, x.dim(-1));
        if (routerBias) {
            in.vector("router_bias", numExperts);
        }
        TensorType weight = in.get(experts.weightNames().getFirst());
        in.require(
                weight.rank() == 3 && weight.dim(0).equals(numExperts),
                experts.weightNames().getFirst(),
                "a stack of %s experts".formatted(numExperts));

        List<TensorType> routed = routing.infer(routingInputs(in, replaceLast(x, numExperts)));
        List<TensorType> given = new ArrayList<>(List.of(x));
        given.addAll(routed);
        experts.weightNames().forEach(name -> given.add(in.get(name)));
        experts.infer(given);
        shared.ifPresent(s -> requireShared(in, x.dim(-1), s));
        return ImmutableList.of(x, routed.getFirst());
    }

    private List<TensorType> routingInputs(InputTypes in, TensorType logits) {
        return routing.selectionBias() ? List.of(logits, in.get("selection_bias")) : List.of(logits);
    }

    private static void requireShared(InputTypes in, Dim dim, SharedExpert shared) {
        Dim hidden = in.matrix("shared_gate").dim(0);
        in.matrix("shared_gate", hidden, dim);
        in.matrix("shared_up", hidden, dim);
        in.matrix("shared_down", dim, hidden);
        if (shared.gated()) {
            in.matrix("shared_router", Dim.of(1), dim);
        }
    }

    private static TensorType replaceLast(TensorType type, Dim dim) {
        List<Dim> dims = new ArrayList<>(type.dims());
        dims.set(dims.size() - 1, dim);
        return new TensorType(type.dtype(), dims);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Map<String, Value> in = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            in.put(inputNames().get(i), inputs.get(i));
        }
        Value x = inputs.getFirst();
        Value logits = b.call(new Linear(routerBias), pick(in, routerBias, "x", "router", "router_bias"))
                .getFirst();
        in.put("logits", logits);
        List<Value> routed = b.call(routing, pick(in, routing.selectionBias(), "logits", "selection_bias"));

        List<Value> given = new ArrayList<>(List.of(x));
        given.addAll(routed);
        experts.weightNames().forEach(name -> given.add(in.get(name)));
        Value y = b.call(experts, given).getFirst();
        return ImmutableList.of(
                shared.map(s -> b.add(y, sharedExpert(b, in, s))).orElse(y), routed.getFirst());
    }

    private static Value sharedExpert(GraphBuilder b, Map<String, Value> in, SharedExpert shared) {
        GatedMlp mlp = new GatedMlp(shared.activation(), false);
        Value y = b.call(mlp, pick(in, true, "x", "shared_gate", "shared_up", "shared_down"))
                .getFirst();
        if (!shared.gated()) {
            return y;
        }
        Value gate =
                b.call(new Linear(false), pick(in, true, "x", "shared_router")).getFirst();
        return b.mul(y, b.unary(UnaryKind.SIGMOID, gate));
    }

    /** The values of these names; without the last one if {@code hasLast} is false. */
    private static List<Value> pick(Map<String, Value> in, boolean hasLast, String... names) {
        List<Value> picked = new ArrayList<>();
        for (int i = 0; i < names.length - (hasLast ? 0 : 1); i++) {
            picked.add(in.get(names[i]));
        }
        return picked;
    }
}
