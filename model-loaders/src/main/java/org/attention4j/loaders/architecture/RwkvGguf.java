package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufDraft;
import org.attention4j.loaders.gguf.GgufFamily;

/** RWKV-7 as GGUF, from all forms of its files. The six mixes of a token with the one before it are one tensor there. */
@AutoService(GgufFamily.class)
public final class RwkvGguf implements GgufFamily {
    /** What llama.cpp takes in the norm of the heads' outputs, whatever a file says. */
    private static final double HEAD_NORM_EPS = 64e-5;

    private static final List<String> MIXED = List.of("x_r", "x_w", "x_k", "x_v", "x_a", "x_g");
    private static final ImmutableMap<String, String> MODEL = ImmutableMap.of(
            "emb", "token_embd",
            "ln0", "token_embd_norm",
            "ln_out", "output_norm",
            "head", "output");
    private static final ImmutableMap<String, String> LAYER = ImmutableMap.<String, String>builder()
            .put("ln1", "attn_norm")
            .put("ln2", "attn_norm_2")
            .put("att.receptance", "time_mix_receptance")
            .put("att.key", "time_mix_key")
            .put("att.value", "time_mix_value")
            .put("att.output", "time_mix_output")
            .put("att.ln_x", "time_mix_ln")
            .put("ffn.key", "channel_mix_key")
            .put("ffn.value", "channel_mix_value")
            .buildOrThrow();

    private static final ImmutableMap<String, String> LOW_RANK =
            ImmutableMap.of("0", "0.weight", "1.weight", "1.weight", "2.weight", "2.weight");

    @Override
    public Set<String> architectures() {
        return Set.of("rwkv7");
    }

    @Override
    public String nameInGguf(Checkpoint checkpoint) {
        return "rwkv7";
    }

    @Override
    public void describe(GgufDraft draft) {
        Config config = draft.config();
        int hidden = draft.model().info().hiddenSize();
        int layers = draft.model().decoderLayers().size();
        double normEps = config.number("ln_x_eps", HEAD_NORM_EPS);
        if (normEps != HEAD_NORM_EPS) {
            throw draft.unsupported("ln_x_eps is %s, expected %s".formatted(normEps, HEAD_NORM_EPS));
        }
        draft.size("vocab_size", draft.model().info().vocabSize());
        draft.size("max_position_embeddings", draft.model().info().contextLength());
        draft.size("hidden_size", hidden);
        draft.size("num_hidden_layers", layers);
        draft.size("num_attention_heads", 0);
        draft.number("layer_norm_epsilon", config.number("layer_norm_epsilon", config.number("ln_eps", Rwkv.EPS)));
        MODEL.forEach((name, inFile) -> placeBoth(draft, name, inFile));
        for (int i = 0; i < layers; i++) {
            layer(draft, i, layers, hidden);
        }
    }

    private static void layer(GgufDraft draft, int index, int layers, int hidden) {
        String layer = "blocks." + index + ".";
        String mix = "blk." + index + ".time_mix_";
        LAYER.forEach((name, inFile) -> placeBoth(draft, layer + name, "blk." + index + "." + inFile));
        List<Tensor> mixed =
                MIXED.stream().map(name -> draft.take(layer + "att." + name)).toList();
        draft.place(
                mix + "lerp_fused.weight",
                Tensor.stack("lerp_fused", mixed).reshape(Shape.of(mixed.size(), 1, 1, hidden)));
        draft.place(
                "blk." + index + ".channel_mix_lerp_k.weight",
                draft.take(layer + "ffn.x_k").reshape(Shape.of(1, 1, hidden)));
        draft.place(mix + "k_k.weight", draft.take(layer + "att.k_k"));
        draft.place(mix + "k_a.weight", draft.take(layer + "att.k_a"));
        Tensor bonus = draft.take(layer + "att.r_k");
        draft.place(mix + "r_k.weight", bonus.reshape(Shape.of(hidden)));
        Ranks ranks = new Ranks(
                lowRank(draft, index, "w"),
                lowRank(draft, index, "a"),
                index == 0 ? 0 : lowRank(draft, index, "v"),
                lowRank(draft, index, "g"));
        if (index == 0) {
            draft.size("head_size", bonus.shape().dim(1));
            Tensor key = draft.model().weights().get(layer + "ffn.key.weight");
            draft.size("intermediate_size", key.shape().dim(0));
            draft.size("attention.decay_lora_rank", ranks.decay);
            draft.size("attention.iclr_lora_rank", ranks.rate);
            draft.size("attention.gate_lora_rank", ranks.gate);
        }
        if (index == Math.min(1, layers - 1)) {
            draft.size("attention.value_residual_mix_lora_rank", index == 0 ? ranks.rate : ranks.value);
        }
    }

    private record Ranks(long decay, long rate, long value, long gate) {}

    /** Places a pair of matrices, with their bias where there is one; returns what is between them. */
    private static long lowRank(GgufDraft draft, int index, String part) {
        String from = "blocks." + index + ".att." + part;
        String to = "blk." + index + ".time_mix_";
        long rank = 0;
        for (Map.Entry<String, String> name : LOW_RANK.entrySet()) {
            if (!draft.has(from + name.getKey())) {
                continue;
            }
            Tensor tensor = draft.take(from + name.getKey());
            draft.place(to + part + name.getValue(), tensor);
            if (index == 0 && part.equals("a")) {
                // The first layer gives values and takes none; readers want the matrices all the same.
                draft.place(to + "v" + name.getValue(), tensor);
            }
            rank = name.getKey().equals("1.weight") ? tensor.shape().dim(0) : rank;
        }
        return rank;
    }

    /** Places a layer's weight and, if it has one, its bias. */
    private static void placeBoth(GgufDraft draft, String name, String inFile) {
        Stream.of(".weight", ".bias")
                .filter(kind -> draft.has(name + kind))
                .forEach(kind -> draft.place(inFile + kind, draft.take(name + kind)));
    }
}
