package org.attention4j.loaders.architecture;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.rwkv.ChannelMix;
import org.attention4j.core.mixer.rwkv.TimeMix4;
import org.attention4j.core.mixer.rwkv.TimeMix5;
import org.attention4j.core.mixer.rwkv.TimeMix6;
import org.attention4j.core.mixer.rwkv.TimeMix7;
import org.attention4j.core.mixer.rwkv.TimeMixConfig;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;

/** One layer's mixers, with their parameters found in the file whatever it calls them. */
final class RwkvLayer {
    private static final double NORM_EPS = 64e-5;

    /** That of rwkv.cpp for RWKV-5, whose files have decays that are computed already. */
    private static final double RWKV_CPP_5_EPS = 1e-5;

    private final Config config;
    private final String version;
    private final RwkvWeights w;
    private final int index;
    private final int hidden;
    private final String att;
    private final String ffn;

    RwkvLayer(Checkpoint c, RwkvWeights w, int index) {
        this.config = c.config();
        this.version = c.architecture();
        this.w = w;
        this.index = index;
        this.hidden = config.size("hidden_size");
        this.att = "blocks." + index + ".att.";
        this.ffn = "blocks." + index + ".ffn.";
        norm("ln1", "ln1", "attn_norm", "attn_norm");
        norm("ln2", "ln2", "ffn_norm", "attn_norm_2");
    }

    private void norm(String own, String transformers, String fla, String gguf) {
        w.norm(
                "blocks." + index + "." + own,
                "blocks." + index + "." + own,
                "rwkv.blocks." + index + "." + transformers,
                "model.layers." + index + "." + fla,
                "blk." + index + "." + gguf);
    }

    SequenceMixer channelMix() {
        matrix(ffn, "key.weight", "ffn.key", "feed_forward.key", "ffn.key", "channel_mix_key");
        matrix(ffn, "value.weight", "ffn.value", "feed_forward.value", "ffn.value", "channel_mix_value");
        boolean gated = !version.equals("rwkv7");
        lerp(ffn, "x_k", "key", "ffn", "feed_forward", "channel_mix_lerp_k");
        if (gated) {
            matrix(ffn, "receptance.weight", "ffn.receptance", "feed_forward.receptance", "", "channel_mix_receptance");
            lerp(ffn, "x_r", "receptance", "ffn", "feed_forward", "channel_mix_lerp_r");
        }
        return new ChannelMix(hidden, w.rows(ffn + "key.weight"), gated);
    }

    SequenceMixer timeMix() {
        for (String name : List.of("receptance", "key", "value", "output", "gate")) {
            String fla = name.equals("output") ? "attn.o_proj" : "attn." + name.charAt(0) + "_proj";
            matrix(att, name + ".weight", "att." + name, "attention." + name, fla, "time_mix_" + name);
        }
        w.norm(
                att + "ln_x",
                "blocks." + index + ".att.ln_x",
                "rwkv.blocks." + index + ".attention.ln_x",
                "model.layers." + index + ".attn.g_norm",
                "blk." + index + ".time_mix_ln");
        return switch (version) {
            case "rwkv5" -> timeMix5();
            case "rwkv6" -> timeMix6();
            case "rwkv7" -> timeMix7();
            default -> timeMix4();
        };
    }

    private SequenceMixer timeMix4() {
        int channels = w.rows(att + "key.weight");
        for (String use : List.of("key", "value", "receptance")) {
            lerp(att, "x_" + use.charAt(0), use, "att", "attention", "");
        }
        String hf = "rwkv.blocks." + index + ".attention.";
        w.map(att + "log_decay", Shape.of(channels), RwkvLayer::negativeExp, att + "time_decay", hf + "time_decay");
        w.shaped(att + "bonus", Shape.of(channels), att + "time_first", hf + "time_first");
        return new TimeMix4(hidden, channels);
    }

    private SequenceMixer timeMix5() {
        for (String use : List.of("key", "value", "receptance", "gate")) {
            lerp(att, "x_" + use.charAt(0), use, "att", "attention", "");
        }
        String decay = att + "time_decay";
        boolean computed = w.has(decay) && w.stored(decay).shape().rank() == 3;
        TimeMixConfig sizes = sizes(computed ? RWKV_CPP_5_EPS : NORM_EPS);
        Shape heads = Shape.of(sizes.numHeads(), sizes.headDim());
        DoubleUnaryOperator log = computed ? Math::log : RwkvLayer::negativeExp;
        String hf = "rwkv.blocks." + index + ".attention.";
        w.map(att + "log_decay", heads, log, decay, hf + "time_decay");
        w.shaped(att + "bonus", heads, att + "time_faaaa", hf + "time_faaaa");
        return new TimeMix5(sizes);
    }

    private SequenceMixer timeMix6() {
        TimeMixConfig sizes = sizes(NORM_EPS);
        String gguf = "blk." + index + ".time_mix_";
        for (String use : List.of("x", "w", "k", "v", "r", "g")) {
            w.shaped(att + "x_" + use, Shape.of(hidden), att + "time_maa_" + use, gguf + "lerp_" + use + ".weight");
        }
        String fused = gguf + "lerp_fused.weight";
        if (w.has(fused)) {
            for (int i = 0; i < 5; i++) {
                w.row(att + "x_" + "wkvrg".charAt(i), i, hidden, fused);
            }
        }
        w.transposed(att + "maa_w1.weight", att + "time_maa_w1");
        w.take(att + "maa_w1.weight", gguf + "w1.weight");
        int shiftRank = w.rows(att + "maa_w1.weight") / 5;
        w.take(att + "maa_w2", att + "time_maa_w2");
        w.swapped(att + "maa_w2", gguf + "w2.weight");
        w.shaped(att + "w0", Shape.of(hidden), att + "time_decay", gguf + "decay.weight");
        w.transposed(att + "w1.weight", att + "time_decay_w1");
        w.transposed(att + "w2.weight", att + "time_decay_w2");
        w.take(att + "w1.weight", gguf + "decay_w1.weight");
        w.take(att + "w2.weight", gguf + "decay_w2.weight");
        Shape heads = Shape.of(sizes.numHeads(), sizes.headDim());
        w.shaped(att + "bonus", heads, att + "time_faaaa", gguf + "first.weight");
        return new TimeMix6(sizes, shiftRank, w.rows(att + "w1.weight"));
    }

    private SequenceMixer timeMix7() {
        TimeMixConfig sizes = sizes(NORM_EPS);
        String fla = "model.layers." + index + ".attn.";
        String gguf = "blk." + index + ".time_mix_";
        boolean fused = w.has(att + "x_rwkvag") || w.has(gguf + "lerp_fused.weight");
        for (int i = 0; i < 6; i++) {
            String name = "x_" + "rwkvag".charAt(i);
            if (fused) {
                w.row(att + name, i, hidden, att + "x_rwkvag", gguf + "lerp_fused.weight");
            } else {
                w.shaped(att + name, Shape.of(hidden), att + name, fla + name);
            }
        }
        for (String name : List.of("k_k", "k_a")) {
            w.shaped(att + name, Shape.of(hidden), att + name, fla + name, gguf + name + ".weight");
        }
        Shape heads = Shape.of(sizes.numHeads(), sizes.headDim());
        w.shaped(att + "r_k", heads, att + "r_k", fla + "r_k", gguf + "r_k.weight");
        // rwkv.cpp's files, which are those with fused vectors, have matrices as linear layers do, the authors'
        // transposed.
        boolean transposed = !w.has(att + "x_rwkvag");
        Stream<String> parts = index == 0 ? Stream.of("w", "a", "g") : Stream.of("w", "a", "g", "v");
        parts.forEach(p -> lowRank(p, transposed));
        TimeMix7.Ranks ranks = new TimeMix7.Ranks(
                w.rows(att + "w1.weight"),
                w.rows(att + "a1.weight"),
                index == 0 ? 0 : w.rows(att + "v1.weight"),
                w.rows(att + "g1.weight"));
        return new TimeMix7(sizes, ranks, index == 0);
    }

    private void lowRank(String part, boolean transposed) {
        String lora = "model.layers." + index + ".attn." + part + "_lora.lora.";
        String gguf = "blk." + index + ".time_mix_" + part;
        w.shaped(att + part + "0", Shape.of(hidden), att + part + "0", lora + "2.bias", gguf + "0.weight");
        w.take(att + part + "1.weight", lora + "0.weight", gguf + "1.weight");
        w.take(att + part + "2.weight", lora + "2.weight", gguf + "2.weight");
        for (String matrix : List.of(part + "1", part + "2")) {
            if (transposed) {
                w.transposed(att + matrix + ".weight", att + matrix);
            } else {
                w.take(att + matrix + ".weight", att + matrix);
            }
        }
    }

    private TimeMixConfig sizes(double eps) {
        int headDim = config.size("head_size", config.size("head_dim", 64));
        if (hidden % headDim != 0) {
            throw config.bad("head_size", "a divisor of hidden_size " + hidden);
        }
        return new TimeMixConfig(hidden, hidden / headDim, config.number("ln_x_eps", eps));
    }

    private void matrix(String prefix, String name, String own, String transformers, String fla, String gguf) {
        w.take(
                prefix + name,
                "blocks." + index + "." + own + ".weight",
                "rwkv.blocks." + index + "." + transformers + ".weight",
                "model.layers." + index + "." + fla + ".weight",
                "blk." + index + "." + gguf + ".weight");
    }

    /** μ, of which RWKV-4 and 5 store 1 − μ as {@code time_mix}, and 6 μ as {@code time_maa}. */
    private void lerp(String prefix, String name, String use, String own, String transformers, String gguf) {
        Shape shape = Shape.of(hidden);
        w.map(
                prefix + name,
                shape,
                x -> 1 - x,
                "blocks." + index + "." + own + ".time_mix_" + use.charAt(0),
                "rwkv.blocks." + index + "." + transformers + ".time_mix_" + use);
        w.shaped(
                prefix + name,
                shape,
                "blocks." + index + "." + own + ".time_maa_" + use.charAt(0),
                prefix + name,
                "model.layers." + index + "." + own + "." + name,
                "blk." + index + "." + gguf + ".weight");
    }

    private static double negativeExp(double x) {
        return -Math.exp(x);
    }
}
