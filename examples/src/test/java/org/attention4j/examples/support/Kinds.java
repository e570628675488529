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
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.mixer.mla.MlaMixer;
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
                        GENERAL_OPS::contains));
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
