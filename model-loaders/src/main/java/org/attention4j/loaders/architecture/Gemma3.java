package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Gemma 3 (Gemma Team 2025, arXiv:2503.19786), and the part for text of its models of text and images: every sixth layer sees
 * everything, the others a window, and the angles of the two kinds have bases of their own; heads of queries and keys are
 * normalised.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Gemma3 implements Architecture, GgufNaming {
    private static final int LAYERS_OF_27B = 62;

    @Override
    public Set<String> names() {
        return Set.of("gemma3", "gemma3_text");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        if (config.flag("use_bidirectional_attention", false)) {
            throw config.bad("use_bidirectional_attention", "causal attention");
        }
        int headDim = Configs.headDim(config);
        int window = Configs.window(config, 0);
        double cap = config.number("attn_logit_softcapping", 0);
        QkNorm norm = new QkNorm(QkNorm.Kind.HEAD_RMS, config.number("rms_norm_eps"), GemmaFamily.weightOffset(c));
        AttentionConfig attention = GemmaFamily.attention(c, LAYERS_OF_27B, cap).withQkNorm(norm);
        RopeConfig everywhere = RopeParameters.ofLayers(c, "full_attention", 1_000_000, headDim, RopeStyle.HALF);
        RopeConfig nearby = RopeParameters.ofLayers(c, "sliding_attention", 10_000, headDim, RopeStyle.HALF);
        AttentionConfig full = attention.withRope(everywhere);
        AttentionConfig sliding = attention.withRope(nearby).withWindow(window);
        return GemmaFamily.model(
                c,
                layer -> Configs.slides(config, layer, 6) ? sliding : full,
                config.number("final_logit_softcapping", 0));
    }

    @Override
    public Set<String> architectures() {
        return Set.of("gemma3");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of(
                "rope_parameters.full_attention.rope_theta", "rope.freq_base",
                "rope_parameters.full_attention.rope_type", "rope.scaling.type",
                "rope_parameters.full_attention.factor", "rope.scaling.factor",
                "rope_parameters.sliding_attention.rope_theta", "rope.freq_base_swa");
    }

    @Override
    public Map<String, String> tensors() {
        return new Gemma2().tensors();
    }
}
