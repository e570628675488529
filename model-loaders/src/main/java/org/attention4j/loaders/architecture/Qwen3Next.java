package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mixer.linearattention.GatedDeltaNetMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.SharedExpert;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * Qwen3-Next (Qwen Team 2025): three layers of Gated DeltaNet for one of softmax attention whose output is gated, experts with a
 * shared one, norms that multiply by 1 + weight (GGUF has added the 1).
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Qwen3Next implements Architecture, GgufNaming {
    @Override
    public Set<String> names() {
        return Set.of("qwen3_next", "qwen3next");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        double eps = config.number("rms_norm_eps");
        double offset = c.layout() == WeightLayout.GGML ? 0 : 1;
        int numLayers = config.size("num_hidden_layers");
        Activation activation = Configs.activation(config, Activation.SILU);
        CheckpointWeights weights = LlamaFamily.weights(c);
        CheckpointWeights stored = LlamaFamily.weights(c);
        ExpertLayers.stack(weights, numLayers, QwenExperts.numExperts(config));
        LlamaFamily.FeedForward mlp = LlamaFamily.mlp(activation);
        LlamaFamily.FeedForward mixture = ExpertLayers.mixture(
                QwenExperts.routing(config, true), new SharedExpert(activation, true), "shared_expert");
        AttentionConfig attention = Configs.withBiases(c, LlamaFamily.attention(c, RopeStyle.HALF))
                .withQkNorm(new QkNorm(QkNorm.Kind.HEAD_RMS, eps, offset))
                .withOutputGate();
        AttentionMixer full = new AttentionMixer(attention);
        GatedDeltaNetMixer.Sizes sizes = sizes(c, eps);
        GatedDeltaNetMixer delta = new GatedDeltaNetMixer(sizes);
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < numLayers; i++) {
            String layer = "model.layers." + i;
            boolean attends = Hybrids.isAttention(stored, i);
            if (attends) {
                splitGate(weights, stored, layer + ".self_attn.", attention);
            } else {
                delta(weights, stored, layer + ".linear_attn.", sizes, c.layout());
            }
            SequenceMixer mixer = attends ? full : delta;
            String name = attends ? "self_attn" : "linear_attn";
            LlamaFamily.FeedForward second = QwenExperts.isSparse(config, i) ? mixture : mlp;
            layers.add(new DecoderLayer(layer, mixer, (m, x) -> block(m, x, eps, offset, name, second)));
        }
        return new DecoderModel(
                Configs.info(c, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> LlamaFamily.head(m, norm(m, "model.norm", x, eps, offset)));
    }

    private static Value block(
            LayerBuilder m, Value x, double eps, double offset, String mixer, LlamaFamily.FeedForward second) {
        Value h = m.add(x, m.mix(mixer, norm(m, "input_layernorm", x, eps, offset)));
        return m.add(h, second.write(m, norm(m, "post_attention_layernorm", h, eps, offset)));
    }

    private static Value norm(ModelBuilder m, String name, Value x, double eps, double offset) {
        return m.apply(new RmsNorm(eps, offset), x, m.weight(name + ".weight"));
    }

    private static GatedDeltaNetMixer.Sizes sizes(Checkpoint c, double eps) {
        Config config = c.config();
        int valueHeads = config.size("linear_num_value_heads");
        int valueDim = c.layout() == WeightLayout.GGML
                ? config.size("linear_inner_size") / valueHeads
                : config.size("linear_value_head_dim");
        return new GatedDeltaNetMixer.Sizes(
                config.size("hidden_size"),
                config.size("linear_num_key_heads"),
                valueHeads,
                config.size("linear_key_head_dim"),
                valueDim,
                config.size("linear_conv_kernel_dim"),
                eps);
    }

    /** Each head's rows of the stored queries are those of the query, then those of the gate. */
    private static void splitGate(
            CheckpointWeights weights, CheckpointWeights stored, String attention, AttentionConfig config) {
        long dim = config.spec().headDim();
        for (String kind : List.of("weight", "bias")) {
            String both = attention + "q_proj." + kind;
            if (stored.has(both)) {
                pick(weights, stored, both, both, config.spec().numHeads(), 2 * dim, 0, dim);
                pick(
                        weights,
                        stored,
                        attention + "g_proj." + kind,
                        both,
                        config.spec().numHeads(),
                        2 * dim,
                        dim,
                        dim);
            }
        }
    }

    /** Of each of {@code groups} groups of {@code size} rows, {@code count} from {@code first} on. */
    private static void pick(
            CheckpointWeights weights,
            CheckpointWeights stored,
            String name,
            String source,
            int groups,
            long size,
            long first,
            long count) {
        weights.derive(name, () -> TensorViews.pickRows(stored.get(source), rows(groups, size, first, count)));
    }

    private static long[] rows(int groups, long size, long first, long count) {
        return LongStream.range(0, groups)
                .flatMap(g -> LongStream.range(g * size + first, g * size + first + count))
                .toArray();
    }

    private static void delta(
            CheckpointWeights weights,
            CheckpointWeights stored,
            String name,
            GatedDeltaNetMixer.Sizes sizes,
            WeightLayout layout) {
        int groups = sizes.keyHeads();
        long each = sizes.valueHeads() / groups;
        long values = each * sizes.valueDim();
        long keyDim = sizes.keyDim();
        if (layout == WeightLayout.TRANSFORMERS) {
            // A key head's rows are those of its query, its key, its values and their gates.
            long size = 2 * keyDim + 2 * values;
            weights.derive(
                    name + "qkv_proj.weight",
                    () -> TensorViews.pickRows(
                            stored.get(name + "in_proj_qkvz.weight"), order(groups, size, keyDim, values)));
            pick(
                    weights,
                    stored,
                    name + "z_proj.weight",
                    name + "in_proj_qkvz.weight",
                    groups,
                    size,
                    2 * keyDim + values,
                    values);
        }
        pick(weights, stored, name + "b_proj.weight", name + "in_proj_ba.weight", groups, 2 * each, 0, each);
        pick(weights, stored, name + "a_proj.weight", name + "in_proj_ba.weight", groups, 2 * each, each, each);
        StateSpaceWeights.derive(
                weights,
                stored,
                name.substring(0, name.length() - 1),
                Shape.of(sizes.valueHeads()),
                sizes.channels(),
                sizes.kernel());
    }

    private static long[] order(int groups, long size, long keyDim, long values) {
        return LongStream.concat(
                        LongStream.concat(
                                LongStream.of(rows(groups, size, 0, keyDim)),
                                LongStream.of(rows(groups, size, keyDim, keyDim))),
                        LongStream.of(rows(groups, size, 2 * keyDim, values)))
                .toArray();
    }

    @Override
    public Set<String> architectures() {
        return Set.of("qwen3next");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of(
                "linear_num_key_heads", "ssm.group_count",
                "linear_num_value_heads", "ssm.time_step_rank",
                "linear_key_head_dim", "ssm.state_size",
                "linear_inner_size", "ssm.inner_size",
                "linear_conv_kernel_dim", "ssm.conv_kernel");
    }

    @Override
    public Map<String, String> tensors() {
        String delta = "model.layers.{layer}.linear_attn.";
        return Map.ofEntries(
                Map.entry("model.layers.{layer}.post_attention_layernorm", "blk.{layer}.post_attention_norm"),
                Map.entry(delta + "qkv_proj", "blk.{layer}.attn_qkv"),
                Map.entry(delta + "z_proj", "blk.{layer}.attn_gate"),
                Map.entry(delta + "in_proj_ba", "blk.{layer}.ssm_ba"),
                Map.entry(delta + "conv1d", "blk.{layer}.ssm_conv1d"),
                Map.entry(delta + "A", "blk.{layer}.ssm_a"),
                Map.entry(delta + "dt_bias", "blk.{layer}.ssm_dt.bias"),
                Map.entry(delta + "norm", "blk.{layer}.ssm_norm"),
                Map.entry(delta + "out_proj", "blk.{layer}.ssm_out"));
    }
}
