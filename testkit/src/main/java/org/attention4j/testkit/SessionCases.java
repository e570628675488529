package org.attention4j.testkit;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.stream.Stream;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.conv.ShortConvMixer;
import org.attention4j.core.mixer.linearattention.FavorFeatures;
import org.attention4j.core.mixer.linearattention.GatedDeltaNetMixer;
import org.attention4j.core.mixer.linearattention.KernelAttentionMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mixer.linearattention.LinearAttentionConfig;
import org.attention4j.core.mixer.linearattention.LinearAttentionMixer;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.mixer.rglru.RgLruMixer;
import org.attention4j.core.mixer.rwkv.ChannelMix;
import org.attention4j.core.mixer.rwkv.TimeMix4;
import org.attention4j.core.mixer.rwkv.TimeMix5;
import org.attention4j.core.mixer.rwkv.TimeMix6;
import org.attention4j.core.mixer.rwkv.TimeMix7;
import org.attention4j.core.mixer.rwkv.TimeMixConfig;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;

/** Small models with every kind of state, and with those that hybrids join, for {@link SessionLaws}. */
public final class SessionCases {
    private static final int HIDDEN = 16;
    private static final TimeMixConfig RWKV = new TimeMixConfig(HIDDEN, 2, 64e-5);
    private static final AttentionSpec SPEC = AttentionSpec.causal(4, 2, 8);
    private static final RopeConfig ROPE = new RopeConfig(100, 8, RopeStyle.HALF, new RopeScaling.Default());
    private static final AttentionConfig GQA = AttentionConfig.of(HIDDEN, SPEC).withRope(ROPE);
    private static final SequenceMixer RWKV_4 = new TimeMix4(HIDDEN, 12);
    private static final SequenceMixer RWKV_5 = new TimeMix5(RWKV);
    private static final SequenceMixer RWKV_6 = new TimeMix6(RWKV, 3, 5);
    private static final SequenceMixer MAMBA = new MambaMixer(MambaConfig.of(HIDDEN, 24, 4, 4, 3));
    private static final SequenceMixer MAMBA_2 =
            new Mamba2Mixer(new Mamba2Config(HIDDEN, 4, 3, 5, 2, 4, 1e-5, 2, 0.001, 2));
    private static final SequenceMixer RG_LRU = new RgLruMixer(HIDDEN, 12, 2, 4, Activation.GELU_TANH);
    private static final SequenceMixer CONV = new ShortConvMixer(HIDDEN, 3);
    private static final SequenceMixer ELU_1 = KernelAttentionMixer.elu1(HIDDEN, 2, 6, 5);
    private static final SequenceMixer PERFORMER =
            KernelAttentionMixer.performer(HIDDEN, 2, 6, 9, FavorFeatures.Kernel.SOFTMAX);
    private static final SequenceMixer RETENTION = linear(LinearAttentionConfig.retention(HIDDEN, 2, 6, 5));
    private static final SequenceMixer GLA = linear(LinearAttentionConfig.gla(HIDDEN, 2, 6, 5, 3));
    private static final SequenceMixer DELTA_NET = linear(LinearAttentionConfig.deltaNet(HIDDEN, 2, 6, 5, 4));
    private static final SequenceMixer DELTA =
            new GatedDeltaNetMixer(new GatedDeltaNetMixer.Sizes(HIDDEN, 2, 4, 6, 5, 4, 1e-6));

    private SessionCases() {}

    /** All of them. */
    public static Stream<SessionCase> all() {
        return Stream.of(attention(), recurrences(), hybrids()).flatMap(List::stream);
    }

    /** Caches of keys and values, or of latent vectors. */
    private static List<SessionCase> attention() {
        AttentionMixer full = new AttentionMixer(GQA);
        AttentionMixer window = new AttentionMixer(GQA.withWindow(5));
        AttentionMixer chunks =
                new AttentionMixer(AttentionConfig.of(HIDDEN, SPEC.withChunk(6)).withRope(ROPE));
        AttentionMixer sinks = new AttentionMixer(
                AttentionConfig.of(HIDDEN, SPEC.withSinks(2, 5)).withRope(ROPE));
        RopeConfig latentRope = new RopeConfig(100, 4, RopeStyle.INTERLEAVED, new RopeScaling.Default());
        MlaMixer latent =
                new MlaMixer(MlaConfig.of(HIDDEN, 3, 6, 5, 8, latentRope, 1e-6).withQLoraRank(7));
        return List.of(
                SessionCase.keepingAll("GQA", model(full, full)),
                SessionCase.keepingAll("GQA with a shared cache", model(full, new AttentionMixer(GQA.sharing(0)))),
                SessionCase.keepingAll("MLA", model(latent, latent)),
                SessionCase.keepingSome("windows", model(window, full)),
                SessionCase.keepingAll("chunks", model(chunks, full)),
                SessionCase.keepingSome("first tokens and a window", model(sinks, sinks)));
    }

    private static List<SessionCase> recurrences() {
        return List.of(
                rwkv("RWKV-4", true, RWKV_4, RWKV_4),
                rwkv("RWKV-5", true, RWKV_5, RWKV_5),
                rwkv("RWKV-6", true, RWKV_6, RWKV_6),
                rwkv("RWKV-7", false, rwkv7(true), rwkv7(false)),
                SessionCase.recurrent("Mamba", model(MAMBA, MAMBA)),
                SessionCase.recurrent("Mamba-2", model(MAMBA_2, MAMBA_2)),
                SessionCase.recurrent("linear attention and Performer", model(ELU_1, PERFORMER)),
                SessionCase.recurrent("RetNet and GLA", model(RETENTION, GLA)),
                SessionCase.recurrent("HGRN2 and DeltaNet", model(hgrn2(0), hgrn2(1), DELTA_NET)),
                SessionCase.recurrent("Lightning", model(lightning(0), lightning(1))),
                SessionCase.recurrent("Gated DeltaNet", model(DELTA, DELTA)));
    }

    private static List<SessionCase> hybrids() {
        AttentionMixer full = new AttentionMixer(GQA);
        AttentionMixer local = new AttentionMixer(GQA.withWindow(5));
        return List.of(
                SessionCase.recurrent("RG-LRU and local attention (Griffin)", model(RG_LRU, RG_LRU, local)),
                SessionCase.recurrent("short convolutions and GQA (LFM2)", model(CONV, full)),
                SessionCase.recurrent("Mamba and GQA (Jamba)", model(MAMBA, full, MAMBA)),
                SessionCase.recurrent("Lightning and GQA (MiniMax-01)", model(lightning(0), full)),
                SessionCase.recurrent("Gated DeltaNet and GQA (Qwen3-Next)", model(DELTA, full)));
    }

    /**
     * A model that remembers nothing that grows: recurrences that are looped, and those that are computed by chunks in different
     * ways.
     */
    public static DecoderModel pureRecurrence() {
        return model(MAMBA, RWKV_6, DELTA);
    }

    private static DecoderModel model(SequenceMixer... mixers) {
        return RandomDecoder.of(HIDDEN, mixers);
    }

    private static SequenceMixer rwkv7(boolean first) {
        return new TimeMix7(RWKV, new TimeMix7.Ranks(4, 5, 3, 6), first);
    }

    private static SequenceMixer linear(LinearAttentionConfig config) {
        return new LinearAttentionMixer(config);
    }

    private static SequenceMixer hgrn2(int layer) {
        return linear(LinearAttentionConfig.hgrn2(HIDDEN, 4, 5, layer, 2));
    }

    private static SequenceMixer lightning(int layer) {
        return new LightningMixer(HIDDEN, 3, 6, 1e-5, layer, 2);
    }

    /** Layers of time mixing and channel mixing. */
    private static SessionCase rwkv(String name, boolean gated, SequenceMixer first, SequenceMixer second) {
        ChannelMix channels = new ChannelMix(HIDDEN, 20, gated);
        return SessionCase.recurrent(
                name,
                RandomDecoder.ofLayers(
                        HIDDEN,
                        List.of(
                                ImmutableMap.of("att", first, "ffn", channels),
                                ImmutableMap.of("att", second, "ffn", channels))));
    }
}
