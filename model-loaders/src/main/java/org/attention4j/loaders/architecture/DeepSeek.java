package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.Moe;
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
    private static final Map<String, String> EXPERT_WEIGHTS = Map.of(
            "router", "mlp.gate.weight",
            "selection_bias", "mlp.gate.e_score_correction_bias",
            "gate", "mlp.experts.gate_proj.weight",
            "up", "mlp.experts.up_proj.weight",
            "down", "mlp.experts.down_proj.weight",
            "shared_gate", "mlp.shared_experts.gate_proj.weight",
            "shared_up", "mlp.shared_experts.up_proj.weight",
            "shared_down", "mlp.shared_experts.down_proj.weight");

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
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        Activation activation = Configs.activation(config, Activation.SILU);
        CheckpointWeights weights = new CheckpointWeights(c, "model.");
        int numLayers = numLayers(c, weights);
        MlaMixer mixer = new MlaMixer(DeepSeekAttention.config(c));
        Optional<DeepSeekExperts> experts = DeepSeekExperts.of(c, activation);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> layer(i, mixer, eps, activation, experts.flatMap(e -> e.inLayer(i, weights))))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> head(m, m.rmsNorm("model.norm", x, eps)));
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

    private static DecoderLayer layer(int i, MlaMixer mixer, double eps, Activation activation, Optional<Moe> experts) {
        return new DecoderLayer("model.layers." + i, mixer, (m, x) -> block(m, x, eps, activation, experts));
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation, Optional<Moe> experts) {
        Value h = m.add(x, m.mix("self_attn", m.rmsNorm("input_layernorm", x, eps)));
        Value n = m.rmsNorm("post_attention_layernorm", h, eps);
        Value y = experts.map(moe -> m.moe(moe, n, EXPERT_WEIGHTS))
                .orElseGet(() -> m.gatedMlp("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", activation, n));
        return m.add(h, y);
    }

    private static Value head(ModelBuilder m, Value x) {
        return m.linear(m.findWeight("lm_head.weight").isPresent() ? "lm_head" : "model.embed_tokens", x);
    }
}
