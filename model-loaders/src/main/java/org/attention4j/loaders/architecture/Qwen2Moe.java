package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.SharedExpert;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;

/**
 * Qwen 1.5 and 2 with experts (Yang et al. 2024, arXiv:2407.10671, section 2.2.2): Qwen 2 with mixtures of experts in place of
 * most MLPs; a token's weights are those of a softmax over all experts, and one more expert is shared, times a sigmoid.
 */
@AutoService(Architecture.class)
public final class Qwen2Moe implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("qwen2_moe", "qwen2moe");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        AttentionConfig attention = Configs.withBiases(c, LlamaFamily.attention(c, RopeStyle.HALF));
        Activation activation = Configs.activation(c.config(), Activation.SILU);
        Routing routing = QwenExperts.routing(c.config(), false);
        return QwenExperts.model(
                c,
                attention,
                activation,
                ExpertLayers.mixture(routing, new SharedExpert(activation, true), "shared_expert"));
    }
}
