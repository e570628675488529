package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;

/**
 * Qwen 2 and 2.5 (Yang et al. 2024, arXiv:2407.10671): Llama with biases of the query, key and value projections, and sliding
 * windows in the upper layers where the configuration turns them on.
 */
@AutoService(Architecture.class)
public final class Qwen2 implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("qwen2");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        AttentionConfig attention = LlamaFamily.attention(c, RopeStyle.HALF).withBias(true, false);
        return LlamaFamily.model(c, layer -> attention.withWindow(Configs.slidingWindow(c.config(), layer)));
    }
}
