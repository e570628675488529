package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import java.util.function.IntFunction;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.WeightLayout;

/**
 * DeepSeek-V2 (DeepSeek-AI 2024, arXiv:2405.04434), V2-Lite and V3 (arXiv:2412.19437): Llama's blocks with multi-head latent
 * attention, and after the first few layers with experts in place of the MLP. The versions differ in how experts are chosen:
 * {@link DeepSeekExperts}. GGUF calls all of them {@code deepseek2}.
 */
@AutoService(Architecture.class)
public final class DeepSeek implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("deepseek_v2", "deepseek_v3", "deepseek2");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        try {
            return model(c);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(c.config().file(), String.valueOf(e.getMessage()), e);
        }
    }

    private static DecoderModel model(Checkpoint c) {
        CheckpointWeights weights = LlamaFamily.weights(c);
        int numLayers = numLayers(c, weights);
        MlaMixer mixer = new MlaMixer(DeepSeekAttention.config(c));
        Activation activation = Configs.activation(c.config(), Activation.SILU);
        IntFunction<LlamaFamily.FeedForward> feedForward =
                DeepSeekExperts.feedForward(c, weights, numLayers, activation);
        return LlamaFamily.model(c, weights, numLayers, layer -> mixer, feedForward);
    }

    /** Without those at the end that predict further tokens, which training uses; GGUF counts them with the others. */
    private static int numLayers(Checkpoint c, CheckpointWeights weights) {
        Config config = c.config();
        int stated = config.size("num_hidden_layers");
        int further = c.layout() == WeightLayout.GGML ? config.integer("num_nextn_predict_layers", 0) : 0;
        if (further < 0 || further >= stated) {
            throw config.bad("num_nextn_predict_layers", "from 0 to less than all %d layers".formatted(stated));
        }
        weights.get("model.layers.%d.input_layernorm.weight".formatted(stated - further - 1));
        return stated - further;
    }
}
