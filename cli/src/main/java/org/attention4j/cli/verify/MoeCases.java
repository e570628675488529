package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.moe.ExpertGroups;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.moe.Gating;
import org.attention4j.core.moe.Moe;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.moe.SharedExpert;
import org.attention4j.loaders.Config;

/** Mixtures of experts, with each family's routing. */
@AutoService(OpCase.class)
public final class MoeCases implements OpCase {
    private static final Experts SWIGLU = new Experts(GateUp.CONCATENATED, new Gating.Glu(Activation.SILU), false);
    private static final ImmutableMap<String, String> NAMES = ImmutableMap.of(
            "x", "hidden_states",
            "router", "gate.weight",
            "selection_bias", "gate.e_score_correction_bias",
            "gate_up", "experts.gate_up_proj",
            "down", "experts.down_proj");

    @Override
    public Set<String> ops() {
        return Set.of(
                "moe_mixtral",
                "moe_qwen2_shared_norm0",
                "moe_qwen2_shared_norm1",
                "moe_deepseek_v2",
                "moe_deepseek_v3",
                "moe_gpt_oss");
    }

    @Override
    public Graph build(GoldenCase golden) {
        Config attrs = golden.attrs();
        int topK = attrs.size("top_k");
        Routing softmax = Routing.of(topK, Scoring.SOFTMAX);
        return switch (golden.op()) {
            case "moe_mixtral" -> graph(golden, new Moe(softmax.normalised(), SWIGLU), NAMES);
            case "moe_gpt_oss" -> gptOss(golden, Routing.of(topK, Scoring.SOFTMAX_OF_CHOSEN));
            case "moe_deepseek_v2" -> deepSeek(golden, softmax, ExpertGroups.Score.MAX);
            case "moe_deepseek_v3" -> {
                Routing sigmoid = Routing.of(topK, Scoring.SIGMOID).withSelectionBias();
                yield deepSeek(golden, sigmoid.normalised(), ExpertGroups.Score.TOP2_SUM);
            }
            default -> {
                Routing routing = attrs.flag("norm_topk_prob") ? softmax.normalised() : softmax;
                Moe moe = new Moe(routing, SWIGLU).withShared(new SharedExpert(Activation.SILU, true));
                Map<String, String> names = shared("shared_expert");
                names.put("shared_router", "shared_expert_gate.weight");
                yield graph(golden, moe, names);
            }
        };
    }

    private static Graph deepSeek(GoldenCase golden, Routing routing, ExpertGroups.Score score) {
        Config attrs = golden.attrs();
        Routing scaled = routing.withScale(attrs.number("routed_scaling_factor"));
        boolean grouped = !attrs.text("topk_method", "noaux_tc").equals("greedy");
        Routing whole = grouped
                ? scaled.withGroups(new ExpertGroups(attrs.size("n_group"), attrs.size("topk_group"), score))
                : scaled;
        Moe moe = new Moe(whole, SWIGLU).withShared(new SharedExpert(Activation.SILU, false));
        return graph(golden, moe, shared("shared_experts"));
    }

    private static Map<String, String> shared(String prefix) {
        Map<String, String> names = new HashMap<>(NAMES);
        for (String part : List.of("gate", "up", "down")) {
            names.put("shared_" + part, prefix + "." + part + "_proj.weight");
        }
        return names;
    }

    /** The reference stores the experts' matrices {@code [in, out]}. */
    private static Graph gptOss(GoldenCase golden, Routing routing) {
        Config attrs = golden.attrs();
        Gating gating = new Gating.ClampedGlu(attrs.number("alpha"), attrs.number("swiglu_limit"));
        Moe moe = new Moe(routing, new Experts(GateUp.INTERLEAVED, gating, true), true, Optional.empty());
        GraphBuilder b = new GraphBuilder(golden.op());
        Map<String, Value> inputs = new HashMap<>();
        golden.inputs().forEach((name, type) -> inputs.put(name, b.input(name, type)));
        List<Value> given = List.of(
                get(inputs, "hidden_states"),
                get(inputs, "router.weight"),
                get(inputs, "router.bias"),
                b.transpose(get(inputs, "experts.gate_up_proj"), 0, 2, 1),
                b.transpose(get(inputs, "experts.down_proj"), 0, 2, 1),
                get(inputs, "experts.gate_up_proj_bias"),
                get(inputs, "experts.down_proj_bias"));
        b.result("out", b.call(moe, given).getFirst());
        return b.build();
    }

    private static Value get(Map<String, Value> inputs, String name) {
        return Optional.ofNullable(inputs.get(name))
                .orElseThrow(() ->
                        new IllegalArgumentException("no input %s; there are %s".formatted(name, inputs.keySet())));
    }

    private static Graph graph(GoldenCase golden, Moe moe, Map<String, String> names) {
        return OneOp.graph(
                golden, moe, moe.inputNames().stream().map(names::get).toList());
    }
}
