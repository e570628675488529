package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufDraft;
import org.attention4j.loaders.gguf.GgufFamily;

/** Bamba as GGUF's {@code granitehybrid}, where layers without key/value heads are those of Mamba-2. */
@AutoService(GgufFamily.class)
public final class BambaGguf implements GgufFamily {
    @Override
    public Set<String> architectures() {
        return Set.of("bamba");
    }

    @Override
    public String nameInGguf(Checkpoint checkpoint) {
        return "granitehybrid";
    }

    @Override
    public void describe(GgufDraft draft) {
        Config config = draft.config();
        List<DecoderLayer> layers = draft.model().decoderLayers();
        AttentionConfig attention = layers.stream()
                .flatMap(layer -> attention(layer).stream())
                .findFirst()
                .orElseThrow(() -> draft.unsupported("no layer has attention, expected one"));
        LlamaGguf.requirePlain(draft, attention, false);
        LlamaGguf.sizes(draft, attention.spec());
        draft.sizes(
                "num_key_value_heads",
                layers.stream()
                        .mapToInt(layer ->
                                attention(layer).map(a -> a.spec().numKvHeads()).orElse(0))
                        .toArray());
        RopeConfig rope = attention.rope().orElseThrow(() -> draft.unsupported("positions are not rotated"));
        RopeMetadata.state(draft, rope, attention.spec().headDim());
        draft.flag("rope_parameters.finetuned", true);
        int groups = config.size("mamba_n_groups", 1);
        Optional<MambaGguf.Sizes> sizes = Optional.empty();
        for (DecoderLayer layer : layers) {
            if (attention(layer).isPresent()) {
                LlamaGguf.placePaired(draft, layer.name() + ".self_attn", attention);
            } else {
                sizes = Optional.of(MambaGguf.placeSecond(draft, layer.name() + ".mamba", groups));
            }
        }
        stateSizes(draft, sizes.orElseThrow(() -> draft.unsupported("no layer is one of Mamba-2, expected one")));
        draft.size("mamba_n_groups", groups);
        draft.placeRest();
    }

    private static void stateSizes(GgufDraft draft, MambaGguf.Sizes sizes) {
        MambaGguf.remarkUnlessTwice(draft, sizes.inner());
        draft.size("mamba_inner_size", sizes.inner());
        draft.size("mamba_n_heads", sizes.timeStepRank());
        draft.size("mamba_d_state", sizes.state());
        draft.size("mamba_d_conv", sizes.kernel());
    }

    private static Optional<AttentionConfig> attention(DecoderLayer layer) {
        SequenceMixer mixer = layer.mixers().values().iterator().next();
        return mixer instanceof AttentionMixer a ? Optional.of(a.config()) : Optional.empty();
    }
}
