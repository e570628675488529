package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;

/**
 * Mistral (Jiang et al. 2023, arXiv:2310.06825): Llama with a sliding window. GGUF files of Mistral models name the
 * architecture {@code llama} and drop the window.
 */
@AutoService(Architecture.class)
public final class Mistral implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("mistral");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        AttentionConfig attention = LlamaFamily.attention(c, RopeStyle.HALF);
        return LlamaFamily.model(c, layer -> attention.withWindow(Configs.slidingWindow(c.config(), layer)));
    }
}
