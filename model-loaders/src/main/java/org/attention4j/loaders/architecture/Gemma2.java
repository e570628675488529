package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Gemma 2 (Gemma Team 2024, arXiv:2408.00118): every second layer sees everything, the others a window; scores and logits are
 * softly capped.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Gemma2 implements Architecture, GgufNaming {
    private static final int LAYERS_OF_27B = 46;

    @Override
    public Set<String> names() {
        return Set.of("gemma2");
    }

    /** The first GGUF files lack what was the same in all models. */
    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        boolean stated = c.layout() != WeightLayout.GGML;
        int window = Configs.window(config, stated ? 0 : 4096);
        AttentionConfig attention = GemmaFamily.attention(
                        c, LAYERS_OF_27B, config.number("attn_logit_softcapping", stated ? 0 : 50))
                .withRope(RopeParameters.read(c, Configs.headDim(config), RopeStyle.HALF));
        return GemmaFamily.model(
                c,
                layer -> attention.withWindow(Configs.slides(config, layer, 2) ? window : 0),
                config.number("final_logit_softcapping", stated ? 0 : 30));
    }

    @Override
    public Set<String> architectures() {
        return names();
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of();
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "model.layers.{layer}.post_attention_layernorm", "blk.{layer}.post_attention_norm",
                "model.layers.{layer}.pre_feedforward_layernorm", "blk.{layer}.ffn_norm",
                "model.layers.{layer}.post_feedforward_layernorm", "blk.{layer}.post_ffw_norm");
    }
}
