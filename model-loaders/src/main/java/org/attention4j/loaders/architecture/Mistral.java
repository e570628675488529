package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;

/**
 * Mistral (Jiang et al. 2023, arXiv:2310.06825): Llama with a sliding window. With {@code attention_sink_size} the first tokens stay
 * visible outside of the window, as in StreamingLLM (Xiao et al. 2023, arXiv:2309.17453). GGUF files of Mistral models name the
 * architecture {@code llama} and drop the window.
 */
@AutoService(Architecture.class)
public final class Mistral implements Architecture {
    private static final String SINKS = "attention_sink_size";

    @Override
    public Set<String> names() {
        return Set.of("mistral");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        AttentionConfig attention = LlamaFamily.attention(c, RopeStyle.HALF);
        int sinks = c.config().integer(SINKS, 0);
        return LlamaFamily.model(c, layer -> {
            int window = Configs.slidingWindow(c.config(), layer);
            if (sinks < 0 || (sinks > 0 && window == 0)) {
                throw c.config().bad(SINKS, "0, or a positive integer beside a sliding window");
            }
            return attention.withSinks(sinks, window);
        });
    }
}
