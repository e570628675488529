package org.attention4j.core.mixer.linearattention;

/** How a layer of {@link LinearAttentionMixer} normalises what its heads read, before the gate. */
public enum OutputNorm {
    /** RMSNorm of each head, with one weight for all: {@code norm.weight [valueDim]}. */
    HEAD_RMS,
    /** LayerNorm of each head, called group norm: {@code norm.weight} and {@code norm.bias [heads·valueDim]}. */
    HEAD_LAYER,
    /** RMSNorm of all heads together: {@code norm.weight [heads·valueDim]}. */
    RMS
}
