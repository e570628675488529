package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;

/**
 * Qwen 3, dense (Yang et al. 2025, arXiv:2505.09388): Llama with RMSNorm of each query and key head, a head size of its own,
 * and sliding windows in the upper layers where the configuration turns them on.
 */
@AutoService(Architecture.class)
public final class Qwen3 implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("qwen3");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        boolean bias = c.hasTensor("model.layers.0.self_attn.q_proj.bias");
        AttentionConfig attention = LlamaFamily.attention(c, RopeStyle.HALF)
                .withQkNorm(new QkNorm(QkNorm.Kind.HEAD_RMS, c.config().number("rms_norm_eps")))
                .withBias(bias, bias);
        return LlamaFamily.model(c, layer -> attention.withWindow(Configs.slidingWindow(c.config(), layer)));
    }
}
