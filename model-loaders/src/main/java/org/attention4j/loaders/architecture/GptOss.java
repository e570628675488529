package org.attention4j.loaders.architecture;

import static java.util.Map.entry;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.moe.Gating;
import org.attention4j.core.moe.Moe;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * gpt-oss (OpenAI 2025, arXiv:2508.10925): grouped heads with a learned sink logit each, a sliding window in every other layer,
 * YaRN, and experts in place of the MLP, whose weights are usually MXFP4. Hugging Face keeps gate and up of an expert in one
 * matrix, their rows in turn, and its plain matrices {@code [in, out]}.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class GptOss implements Architecture, GgufNaming {
    private static final double ALPHA = 1.702;
    private static final double LIMIT = 7;

    /** The weights of {@link Moe} by their names there. */
    private static final ImmutableMap<String, String> WEIGHTS = ImmutableMap.<String, String>builder()
            .put("router", "mlp.router.weight")
            .put("router_bias", "mlp.router.bias")
            .put("gate_up", "mlp.experts.gate_up_proj")
            .put("gate_up_bias", "mlp.experts.gate_up_proj_bias")
            .put("gate", "mlp.experts.gate_proj.weight")
            .put("gate_bias", "mlp.experts.gate_proj.bias")
            .put("up", "mlp.experts.up_proj.weight")
            .put("up_bias", "mlp.experts.up_proj.bias")
            .put("down", "mlp.experts.down_proj")
            .put("down_bias", "mlp.experts.down_proj_bias")
            .buildOrThrow();

    @Override
    public Set<String> names() {
        return Set.of("gpt_oss", "gpt-oss");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        int window = Configs.window(config, 0);
        AttentionConfig attention = LlamaFamily.attention(c, RopeStyle.HALF)
                .withRope(rope(c))
                .withBias(true, true)
                .withSinkLogits();
        boolean fused = c.layout() == WeightLayout.TRANSFORMERS;
        Moe moe = moe(config, fused ? GateUp.INTERLEAVED : GateUp.SEPARATE);
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = fused ? weights(c, numLayers) : LlamaFamily.weights(c);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i -> new DecoderLayer(
                        "model.layers." + i,
                        new AttentionMixer(attention.withWindow(Configs.slides(config, i, 2) ? window : 0)),
                        (m, x) -> block(m, x, eps, moe)))
                .toList();
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, m.rmsNorm("model.norm", x, eps)));
    }

    private static Value block(LayerBuilder m, Value x, double eps, Moe moe) {
        Value h = m.add(x, m.mix("self_attn", m.rmsNorm("input_layernorm", x, eps)));
        return m.add(h, m.moe(moe, m.rmsNorm("post_attention_layernorm", h, eps), WEIGHTS));
    }

    private static Moe moe(Config config, GateUp gateUp) {
        Routing routing = Routing.of(config.size("num_experts_per_tok"), Scoring.SOFTMAX_OF_CHOSEN);
        Gating gating = new Gating.ClampedGlu(ALPHA, config.number("swiglu_limit", LIMIT));
        return new Moe(routing, new Experts(gateUp, gating, true), true, Optional.empty());
    }

    /** Of the models there are, none truncates YaRN's ramp; GGUF files don't say it. */
    private static RopeConfig rope(Checkpoint c) {
        RopeConfig rope = RopeParameters.read(c, Configs.headDim(c.config()), RopeStyle.HALF);
        return rope.scaling() instanceof RopeScaling.Yarn yarn && !c.config().has("rope_parameters.truncate")
                ? new RopeConfig(rope.theta(), rope.rotaryDim(), rope.style(), yarn.withoutTruncation())
                : rope;
    }

    private static CheckpointWeights weights(Checkpoint c, int numLayers) {
        CheckpointWeights weights = LlamaFamily.weights(c);
        CheckpointWeights stored = LlamaFamily.weights(c);
        for (int i = 0; i < numLayers; i++) {
            for (String part : List.of("gate_up_proj", "down_proj")) {
                String name = "model.layers." + i + ".mlp.experts." + part;
                Tensor tensor = stored.get(name);
                weights.derive(name, () -> TensorViews.transpose(name, tensor));
            }
        }
        return weights;
    }

    @Override
    public Set<String> architectures() {
        return Set.of("gpt-oss");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of("num_experts_per_tok", "expert_used_count");
    }

    @Override
    public Map<String, String> tensors() {
        return Map.ofEntries(
                layer("post_attention_layernorm", "post_attention_norm"),
                layer("self_attn.sinks", "attn_sinks.weight"),
                layer("mlp.router", "ffn_gate_inp"),
                layer("mlp.experts.gate_proj", "ffn_gate_exps"),
                layer("mlp.experts.up_proj", "ffn_up_exps"),
                layer("mlp.experts.down_proj", "ffn_down_exps.weight"),
                layer("mlp.experts.down_proj_bias", "ffn_down_exps.bias"));
    }

    private static Map.Entry<String, String> layer(String name, String inFile) {
        return entry("model.layers.{layer}." + name, "blk.{layer}." + inFile);
    }
}
