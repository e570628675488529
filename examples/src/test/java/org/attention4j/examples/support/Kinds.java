package org.attention4j.examples.support;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Locale;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mixer.conv.ShortConvMixer;
import org.attention4j.core.mixer.linearattention.FavorFeatures;
import org.attention4j.core.mixer.linearattention.GatedDeltaNetMixer;
import org.attention4j.core.mixer.linearattention.KernelAttentionMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mixer.linearattention.LinearAttentionConfig;
import org.attention4j.core.mixer.linearattention.LinearAttentionMixer;
import org.attention4j.core.mixer.linearattention.LinformerMixer;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.mixer.rglru.RgLruMixer;
import org.attention4j.core.mixer.rwkv.TimeMix4;
import org.attention4j.core.mixer.rwkv.TimeMix5;
import org.attention4j.core.mixer.rwkv.TimeMix6;
import org.attention4j.core.mixer.rwkv.TimeMix7;
import org.attention4j.core.mixer.rwkv.TimeMixConfig;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.norm.GatedRmsNorm;
import org.attention4j.core.norm.GroupNorm;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.pooling.Pool;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.core.rope.Rope;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** The rows of the tables. A new variant gets one here. */
final class Kinds {
    private static final int HIDDEN = 64;
    private static final int HEAD_DIM = 16;
    private static final RopeConfig ROPE = new RopeConfig(10_000, HEAD_DIM, RopeStyle.HALF, new RopeScaling.Default());
    private static final TensorType X = TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(HIDDEN));
    private static final TensorType VECTOR = TensorType.of(DType.F32, Dim.of(HIDDEN));
    private static final ImmutableSet<String> GENERAL_OPS = ImmutableSet.of("linear", "rms_norm", "rope", "rope_table");

    private static final ImmutableSet<String> CORES =
            ImmutableSet.of("linear_recurrence", "diagonal_recurrence", "wkv4", "causal_conv", "attention");
    private static final TimeMixConfig RWKV = new TimeMixConfig(HIDDEN, 4, 64e-5);

    /** Quantised weights of a model large enough that backends leave them quantised. */
    private static final int LARGE = 4096;

    private Kinds() {}

    /** Sequence mixers. */
    static List<Kind> mixers() {
        AttentionSpec gqa = AttentionSpec.causal(4, 2, HEAD_DIM);
        AttentionConfig rotated = AttentionConfig.of(HIDDEN, gqa).withRope(ROPE);
        return ImmutableList.of(
                mixer(
                        "multi-head attention (MHA)",
                        of(AttentionSpec.causal(4, 4, HEAD_DIM)).withRope(ROPE)),
                mixer("grouped-query attention (GQA)", rotated),
                mixer(
                        "multi-query attention (MQA)",
                        of(AttentionSpec.causal(4, 1, HEAD_DIM)).withRope(ROPE)),
                mixer("GQA, sliding window", rotated.withWindow(8)),
                mixer(
                        "GQA, window and first tokens (StreamingLLM)",
                        of(gqa.withSinks(2, 8)).withRope(ROPE)),
                mixer("GQA, chunks (Llama 4)", of(gqa.withChunk(8)).withRope(ROPE)),
                mixer("GQA, ALiBi", of(gqa).withAlibi()),
                mixer("GQA, softcap", of(gqa.withSoftcap(50)).withRope(ROPE)),
                mixer("GQA, learned sink logits", rotated.withSinkLogits()),
                mixer("GQA, query and key norms", rotated.withQkNorm(new QkNorm(QkNorm.Kind.HEAD_RMS, 1e-6))),
                mixer(
                        "bidirectional attention",
                        of(AttentionSpec.bidirectional(4, 2, HEAD_DIM)).withRope(ROPE)),
                mixer(
                        "bidirectional attention, sliding window",
                        of(AttentionSpec.bidirectional(4, 2, HEAD_DIM))
                                .withRope(ROPE)
                                .withWindow(8)),
                mixer(
                        "cross-attention",
                        of(AttentionSpec.bidirectional(4, 2, HEAD_DIM)).withMemory()),
                Kind.ofMixer(
                        "multi-head latent attention (MLA)",
                        new MlaMixer(MlaConfig.of(HIDDEN, 4, HEAD_DIM, HEAD_DIM, 2 * HEAD_DIM, ROPE, 1e-6)),
                        HIDDEN,
                        GENERAL_OPS::contains),
                recurrent("RWKV-4", new TimeMix4(HIDDEN, HIDDEN)),
                recurrent("RWKV-5", new TimeMix5(RWKV)),
                recurrent("RWKV-6 (Finch)", new TimeMix6(RWKV, 8, 8)),
                recurrent("RWKV-7 (Goose)", new TimeMix7(RWKV, new TimeMix7.Ranks(8, 8, 8, 8), false)),
                recurrent("Mamba", new MambaMixer(MambaConfig.of(HIDDEN, 2 * HIDDEN, 16, 4, 4))),
                recurrent(
                        "Mamba-2",
                        new Mamba2Mixer(
                                new Mamba2Config(HIDDEN, 8, HEAD_DIM, 16, 1, 4, 1e-5, 1, 0, Double.POSITIVE_INFINITY))),
                recurrent("linear attention, elu + 1", KernelAttentionMixer.elu1(HIDDEN, 4, HEAD_DIM, HEAD_DIM)),
                recurrent("RetNet", linear(LinearAttentionConfig.retention(HIDDEN, 4, HEAD_DIM, HEAD_DIM))),
                recurrent("GLA", linear(LinearAttentionConfig.gla(HIDDEN, 4, HEAD_DIM, HEAD_DIM, 8))),
                recurrent("HGRN2", linear(LinearAttentionConfig.hgrn2(HIDDEN, 4, HEAD_DIM, 1, 2))),
                recurrent("DeltaNet", linear(LinearAttentionConfig.deltaNet(HIDDEN, 4, HEAD_DIM, HEAD_DIM, 4))),
                recurrent("Lightning Attention (MiniMax-01)", new LightningMixer(HIDDEN, 4, HEAD_DIM, 1e-5, 0, 2)),
                recurrent(
                        "Gated DeltaNet",
                        new GatedDeltaNetMixer(
                                new GatedDeltaNetMixer.Sizes(HIDDEN, 2, 4, HEAD_DIM, HEAD_DIM, 4, 1e-6))),
                recurrent("RG-LRU (Griffin)", new RgLruMixer(HIDDEN, HIDDEN, 4, 4, Activation.GELU_TANH)),
                recurrent("gated short convolution (LFM2)", new ShortConvMixer(HIDDEN, 3)),
                recurrent(
                        "Performer (FAVOR+)",
                        KernelAttentionMixer.performer(HIDDEN, 4, HEAD_DIM, 32, FavorFeatures.Kernel.SOFTMAX)),
                recurrent("Linformer", new LinformerMixer(HIDDEN, 4, 4, HEAD_DIM, 32, 8)));
    }

    /** Of these only the core counts, not the norms and activations around it. */
    private static Kind recurrent(String title, SequenceMixer mixer) {
        return Kind.ofMixer(title, mixer, HIDDEN, op -> !CORES.contains(op));
    }

    private static SequenceMixer linear(LinearAttentionConfig config) {
        return new LinearAttentionMixer(config);
    }

    private static AttentionConfig of(AttentionSpec spec) {
        return AttentionConfig.of(HIDDEN, spec);
    }

    private static Kind mixer(String title, AttentionConfig config) {
        return Kind.ofMixer(title, new AttentionMixer(config), HIDDEN, GENERAL_OPS::contains);
    }

    /** Everything else that models are made of. */
    static List<Kind> operators() {
        ImmutableList.Builder<Kind> kinds = ImmutableList.builder();
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q6_K)) {
            Tensor weight = weight(dtype);
            TensorType x = TensorType.of(
                    DType.F32, Dim.of(1), Dims.SEQ, Dim.of(weight.shape().dim(1)));
            TensorType ids = TensorType.of(DType.I64, Dim.of(1), Dims.SEQ);
            kinds.add(Kind.ofOp("linear layer, " + dtype, new Linear(false), x, weight));
            kinds.add(Kind.ofOp("embedding, " + dtype, new Embedding(), ids, weight));
        }
        kinds.add(
                Kind.ofOp("RMSNorm", new RmsNorm(1e-5, 0), X, VECTOR),
                Kind.ofOp("RMSNorm, gated", new GatedRmsNorm(1e-5, HIDDEN), X, X, VECTOR),
                Kind.ofOp("LayerNorm", new LayerNorm(1e-5, true, true), X, VECTOR, VECTOR),
                Kind.ofOp("GroupNorm", new GroupNorm(4, 1e-5), X, VECTOR, VECTOR),
                Kind.ofOp("L2 norm", new L2Norm(1e-5), X),
                Kind.ofOp("rotary angles", ROPE.table(), TensorType.of(DType.I64, Dim.of(1), Dims.SEQ)),
                Kind.ofOp("pooling, mean", new Pool(Pooling.MEAN), X, TensorType.of(DType.I64, Dim.of(1))));
        for (RopeStyle style : RopeStyle.values()) {
            kinds.add(rope(style));
        }
        for (Activation activation : Activation.values()) {
            kinds.add(Kind.ofOp(
                    activation.name().toLowerCase(Locale.ROOT).replace('_', ' '), new Activate(activation), X));
        }
        return kinds.build();
    }

    private static Tensor weight(DType dtype) {
        int size = dtype.isQuantized() ? LARGE : HIDDEN;
        return Tensor.zeros(dtype, Shape.of(size, size));
    }

    private static Kind rope(RopeStyle style) {
        TensorType x = TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(4), Dim.of(HEAD_DIM));
        TensorType table = TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(HEAD_DIM / 2));
        return Kind.ofOp(
                "rotary embedding, " + style.name().toLowerCase(Locale.ROOT),
                new Rope(style, HEAD_DIM),
                x,
                table,
                table);
    }
}
