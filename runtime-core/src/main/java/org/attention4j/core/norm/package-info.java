/**
 * Normalisations over the last dimension, or over groups of it. With n entries x₁ … xₙ:
 *
 * <ul>
 *   <li>{@link org.attention4j.core.norm.LayerNorm} (Ba, Kiros, Hinton 2016, arXiv:1607.06450, eq. 3–4):
 *       {@code y = (x − μ) / √(σ² + ε) · w + b} with {@code μ = Σx/n}, {@code σ² = Σ(x − μ)²/n}.
 *   <li>{@link org.attention4j.core.norm.RmsNorm} (Zhang, Sennrich 2019, arXiv:1910.07467, eq. 4):
 *       {@code y = x / √(Σx²/n + ε) · (w + offset)}; the offset is 1 in the Gemma family, else 0.
 *   <li>{@link org.attention4j.core.norm.GroupNorm} (Wu, He 2018, arXiv:1803.08494, eq. 7): layer norm of each of g groups of
 *       n/g consecutive entries, then one weight and bias per entry.
 *   <li>{@link org.attention4j.core.norm.GatedRmsNorm} (Dao, Gu 2024, arXiv:2405.21060, section 7.1 and its code):
 *       {@code rms_norm(x ⊙ silu(gate)) · w}, over the whole dimension or groups of it.
 *   <li>{@link org.attention4j.core.norm.L2Norm}: {@code y = x / √(Σx² + ε)}, of queries and keys in delta-rule models.
 *   <li>{@link org.attention4j.core.norm.Softmax}: {@code y = exp(x) / Σ exp(x)}, outside of attention.
 * </ul>
 */
@NullMarked
package org.attention4j.core.norm;

import org.jspecify.annotations.NullMarked;
