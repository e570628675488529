package org.attention4j.core.mixer.attention;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;

/**
 * The norm of queries and keys before the rotation, with weights {@code q_norm} and {@code k_norm}.
 *
 * @param kind which norm
 * @param eps added to the mean of squares, or to the variance
 * @param weightOffset added to the weight: 1 in Gemma
 */
public record QkNorm(Kind kind, double eps, double weightOffset) {
    /** Which norm, of what. */
    public enum Kind {
        /** RMSNorm of each head, all with the same weights {@code [headDim]} (Qwen 3, Gemma 3). */
        HEAD_RMS,
        /** RMSNorm of the whole projection, with weights {@code [heads·headDim]} (OLMo 2). */
        PROJECTION_RMS,
        /** LayerNorm without bias of each head with weights of its own, {@code [heads, headDim]} (Cohere, StableLM 2). */
        HEAD_LAYER,
        /** LayerNorm without bias of the whole projection, with weights {@code [heads·headDim]} (MPT). */
        PROJECTION_LAYER
    }

    /** A norm that takes the weights as they are. */
    public QkNorm(Kind kind, double eps) {
        this(kind, eps, 0);
    }

    /** The dims of the weights of so many heads. */
    long[] weightDims(long heads, long headDim) {
        return switch (kind) {
            case HEAD_RMS -> new long[] {headDim};
            case PROJECTION_RMS, PROJECTION_LAYER -> new long[] {heads * headDim};
            case HEAD_LAYER -> new long[] {heads, headDim};
        };
    }

    /** Whether heads are told apart before the norm, so that its x is {@code [batch, seq, heads, headDim]}. */
    boolean perHead() {
        return kind == Kind.HEAD_RMS || kind == Kind.HEAD_LAYER;
    }

    /** Writes the norm of {@code x}. */
    Value write(GraphBuilder b, Value x, Value weight) {
        return switch (kind) {
            case HEAD_RMS, PROJECTION_RMS -> b.apply(new RmsNorm(eps, weightOffset), x, weight);
            case HEAD_LAYER, PROJECTION_LAYER -> {
                Value scale = b.toF32(weight);
                yield b.mul(
                        b.apply(new LayerNorm(eps, false, false), x),
                        weightOffset == 0 ? scale : b.add(scale, weightOffset));
            }
        };
    }
}
