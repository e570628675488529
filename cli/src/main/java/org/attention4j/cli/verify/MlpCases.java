package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.mlp.GatedMlp;

/** Activations and gated MLPs. */
@AutoService(OpCase.class)
public final class MlpCases implements OpCase {
    private static final ImmutableMap<String, Activation> ACTIVATIONS = ImmutableMap.of(
            "act_silu", Activation.SILU,
            "act_gelu_erf", Activation.GELU,
            "act_gelu_tanh", Activation.GELU_TANH,
            "act_quick_gelu", Activation.QUICK_GELU,
            "act_relu2", Activation.RELU2,
            "act_elu1", Activation.ELU1,
            "act_softplus", Activation.SOFTPLUS,
            "act_logsigmoid", Activation.LOG_SIGMOID);
    private static final ImmutableMap<String, Activation> GATED = ImmutableMap.of(
            "ffn_swiglu", Activation.SILU,
            "ffn_geglu_tanh", Activation.GELU_TANH,
            "ffn_reglu", Activation.RELU);

    @Override
    public Set<String> ops() {
        return ImmutableSet.<String>builder()
                .addAll(ACTIVATIONS.keySet())
                .addAll(GATED.keySet())
                .build();
    }

    @Override
    public Graph build(GoldenCase golden) {
        Activation gate = GATED.get(golden.op());
        if (gate != null) {
            return OneOp.graph(golden, new GatedMlp(gate, false), List.of("x", "w_gate", "w_up", "w_down"));
        }
        Activation activation = ACTIVATIONS.get(golden.op());
        if (activation == null) {
            throw new IllegalArgumentException("no activation is called " + golden.op());
        }
        return OneOp.graph(golden, new Activate(activation), List.of("x"));
    }
}
