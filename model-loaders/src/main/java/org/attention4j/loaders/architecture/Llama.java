package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.WeightLayout;

/**
 * Llama 1 to 3 and what shares their files (Touvron et al. 2023, arXiv:2302.13971; Llama Team 2024, arXiv:2407.21783): grouped
 * heads, rotary embeddings with Llama 3's or YaRN scaling, biases where the model has them. GGUF permutes the rows of queries
 * and keys, so neighbouring entries rotate there.
 */
@AutoService(Architecture.class)
public final class Llama implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("llama");
    }

    /** Files of Mixtral, which has experts in place of the MLP, call themselves llama too. */
    @Override
    public ModelDefinition define(Checkpoint c) {
        if (c.config().integer("num_local_experts", 0) > 0) {
            return new Mixtral().define(c);
        }
        boolean permuted = c.layout() == WeightLayout.GGML;
        AttentionConfig attention =
                Configs.withBiases(c, LlamaFamily.attention(c, permuted ? RopeStyle.INTERLEAVED : RopeStyle.HALF));
        return LlamaFamily.model(c, layer -> attention);
    }
}
