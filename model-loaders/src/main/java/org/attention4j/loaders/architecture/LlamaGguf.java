package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufDraft;
import org.attention4j.loaders.gguf.GgufFamily;

/**
 * Llama and its relatives as GGUF: {@code llama}, {@code granite}, {@code qwen2} and {@code qwen3}. Mistral and Mixtral are {@code
 * llama} there, which has no sliding window.
 */
@AutoService(GgufFamily.class)
public final class LlamaGguf implements GgufFamily {
    /**
     * What an architecture of GGUF has.
     *
     * @param name of the architecture there
     * @param pairs whether the rows of queries and keys that are rotated together are neighbours there
     * @param qkNorm whether each head of queries and keys is normalised
     * @param sizes further sizes that it states, by their canonical names
     * @param numbers further numbers that it states, where the model does
     */
    private record Kind(String name, boolean pairs, boolean qkNorm, List<String> sizes, List<String> numbers) {
        Kind(String name, boolean pairs, boolean qkNorm) {
            this(name, pairs, qkNorm, List.of(), List.of());
        }
    }

    private static final String SCALE = "attention_multiplier";
    private static final List<String> EXPERTS = List.of("num_local_experts", "num_experts_per_tok");
    private static final Kind LLAMA = new Kind("llama", true, false);
    private static final ImmutableMap<String, Kind> KINDS = ImmutableMap.of(
            "llama", LLAMA,
            "mistral", LLAMA,
            "mixtral", new Kind("llama", true, false, EXPERTS, List.of()),
            "granite",
                    new Kind(
                            "granite",
                            true,
                            false,
                            List.of(),
                            List.of("embedding_multiplier", SCALE, "residual_multiplier", "logits_scaling")),
            "qwen2", new Kind("qwen2", false, false),
            "qwen3", new Kind("qwen3", false, true));

    @Override
    public Set<String> architectures() {
        return KINDS.keySet();
    }

    @Override
    public String nameInGguf(Checkpoint checkpoint) {
        return kind(checkpoint).name;
    }

    private static Kind kind(Checkpoint checkpoint) {
        return Optional.ofNullable(KINDS.get(checkpoint.architecture())).orElseThrow();
    }

    @Override
    public void describe(GgufDraft draft) {
        Kind kind = kind(draft.checkpoint());
        AttentionConfig attention = attention(draft);
        requireTold(draft, kind, attention);
        sizes(draft, attention.spec());
        draft.size("num_key_value_heads", attention.spec().numKvHeads());
        Config config = draft.config();
        kind.sizes.forEach(name -> draft.size(name, config.size(name)));
        kind.numbers.stream().filter(config::has).forEach(name -> draft.number(name, config.number(name)));
        rotate(draft, kind, attention);
        draft.placeRest();
    }

    /** What all models of attention state, but for the number of key/value heads, which may differ from layer to layer. */
    static void sizes(GgufDraft draft, AttentionSpec spec) {
        Config config = draft.config();
        if (Configs.activation(config, Activation.SILU) != Activation.SILU) {
            throw draft.unsupported("hidden_act is %s, expected silu, which the architecture %s always has"
                    .formatted(config.text("hidden_act"), draft.architecture()));
        }
        draft.size("vocab_size", draft.model().info().vocabSize());
        draft.size("max_position_embeddings", draft.model().info().contextLength());
        draft.size("hidden_size", draft.model().info().hiddenSize());
        draft.size("num_hidden_layers", draft.model().decoderLayers().size());
        draft.size("intermediate_size", config.size("intermediate_size"));
        draft.size("num_attention_heads", spec.numHeads());
        draft.size("head_dim", spec.headDim());
        draft.size("v_head_dim", spec.valueDim());
        draft.number("rms_norm_eps", config.number("rms_norm_eps"));
    }

    private static AttentionConfig attention(GgufDraft draft) {
        List<AttentionConfig> kinds = draft.model().decoderLayers().stream()
                .flatMap(layer -> layer.mixers().values().stream())
                .map(mixer -> ((AttentionMixer) mixer).config())
                .distinct()
                .toList();
        if (kinds.size() != 1) {
            throw draft.unsupported("layers have %d kinds of attention, expected one for the architecture %s"
                    .formatted(kinds.size(), draft.architecture()));
        }
        return kinds.getFirst();
    }

    private static void requireTold(GgufDraft draft, Kind kind, AttentionConfig attention) {
        requirePlain(draft, attention, kind.numbers.contains(SCALE));
        boolean isNormed = attention
                .qkNorm()
                .map(QkNorm::kind)
                .filter(QkNorm.Kind.HEAD_RMS::equals)
                .isPresent();
        if (attention.qkNorm().isPresent() != kind.qkNorm || isNormed != kind.qkNorm) {
            throw draft.unsupported("queries and keys are %snormalised, expected the contrary for the architecture %s"
                    .formatted(attention.qkNorm().isPresent() ? "" : "not ", kind.name));
        }
    }

    /**
     * Requires that attention is causal and nothing more than GGUF's relatives of llama have.
     *
     * @param anyScale whether the architecture states by what scores are multiplied
     */
    static void requirePlain(GgufDraft draft, AttentionConfig attention, boolean anyScale) {
        AttentionSpec spec = attention.spec();
        if (spec.window() > 0) {
            throw draft.unsupported(
                    "layers see the last %d tokens%s, and the architecture %s has no sliding window: a file would compute something else"
                            .formatted(
                                    spec.window(),
                                    spec.sinkTokens() > 0 ? " and the first " + spec.sinkTokens() : "",
                                    draft.architecture()));
        }
        AttentionSpec plain = AttentionSpec.causal(spec.numHeads(), spec.numKvHeads(), spec.headDim());
        AttentionConfig allowed = AttentionConfig.of(
                        attention.hiddenSize(), anyScale ? plain.withScale(spec.scale()) : plain)
                .withBias(attention.qkvBias(), attention.outBias());
        AttentionConfig rotated = attention.rope().map(allowed::withRope).orElse(allowed);
        AttentionConfig normed = attention.qkNorm().map(rotated::withQkNorm).orElse(rotated);
        if (!attention.equals(normed)) {
            throw draft.unsupported("attention is %s, expected no more than %s of the architecture %s"
                    .formatted(attention, normed, draft.architecture()));
        }
    }

    private static void rotate(GgufDraft draft, Kind kind, AttentionConfig attention) {
        RopeConfig rope = attention
                .rope()
                .orElseThrow(() -> draft.unsupported(
                        "positions are not rotated, as they are in the architecture %s".formatted(kind.name)));
        RopeMetadata.state(draft, rope, attention.spec().headDim());
        if (!kind.pairs) {
            if (rope.style() != RopeStyle.HALF) {
                throw draft.unsupported(
                        "neighbouring entries are rotated, expected halves for the architecture " + kind.name);
            }
            return;
        }
        for (int i = 0; i < draft.model().decoderLayers().size(); i++) {
            placePaired(draft, "model.layers." + i + ".self_attn", attention);
        }
    }

    /** Places the queries and keys of a layer. */
    static void placePaired(GgufDraft draft, String mixer, AttentionConfig attention) {
        RopeConfig rope = attention.rope().orElseThrow();
        RopeMetadata.placePaired(
                draft, mixer + ".q_proj", rope, attention.spec().numHeads());
        RopeMetadata.placePaired(
                draft, mixer + ".k_proj", rope, attention.spec().numKvHeads());
    }
}
