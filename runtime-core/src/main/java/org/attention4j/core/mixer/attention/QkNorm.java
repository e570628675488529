package org.attention4j.core.mixer.attention;

/**
 * RMSNorm of queries and keys before the rotation, with weights {@code q_norm} and {@code k_norm}.
 *
 * @param eps added to the mean of squares
 * @param weightOffset added to the weight: 1 in Gemma
 * @param perHead whether each head is normalised by itself (Qwen3, Gemma 3), or the whole projection at once (OLMo 2)
 */
public record QkNorm(double eps, double weightOffset, boolean perHead) {}
