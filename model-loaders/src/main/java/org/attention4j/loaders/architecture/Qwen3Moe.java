package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.WeightLayout;

/**
 * Qwen 3 with experts (Yang et al. 2025, arXiv:2505.09388): Qwen 3 with mixtures of experts in place of MLPs, without shared
 * ones. GGUF does not say whether a token's weights are divided by their sum: in all published models they are.
 */
@AutoService(Architecture.class)
public final class Qwen3Moe implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("qwen3_moe", "qwen3moe");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        QkNorm norm = new QkNorm(QkNorm.Kind.HEAD_RMS, c.config().number("rms_norm_eps"), 0);
        AttentionConfig attention =
                Configs.withBiases(c, LlamaFamily.attention(c, RopeStyle.HALF).withQkNorm(norm));
        Activation activation = Configs.activation(c.config(), Activation.SILU);
        Routing routing = QwenExperts.routing(c.config(), c.layout() == WeightLayout.GGML);
        return QwenExperts.model(c, attention, activation, ExpertLayers.mixture(routing, activation));
    }
}
