/**
 * Mamba: state space models whose parameters depend on the token.
 *
 * <p><b>Mamba-1</b> (Gu, Dao 2023, arXiv:2312.00752, algorithm 2). For each of {@code inner} channels a state h ∈ ℝ^N, with A &lt; 0:
 *
 * <pre>
 *   (u, z) = in_proj x;   u ← silu(conv(u));   (δ, B, C) = x_proj u;   Δ = softplus(dt_proj δ)
 *   h_t = e^{Δ_t A} ⊙ h_{t−1} + Δ_t u_t B_t       (exponential for A, Euler for B)
 *   y_t = C_t·h_t + D u_t;   out_proj(y ⊙ silu(z))
 * </pre>
 *
 * <p><b>Mamba-2</b> (Dao, Gu 2024, arXiv:2405.21060, §7). One A for each head of P channels, and B and C for each of G groups of
 * heads, so that the state is a matrix and the recurrence is linear attention with a decay for each head:
 *
 * <pre>
 *   (z, x, B, C, δ) = in_proj;   (x, B, C) ← silu(conv(x, B, C));   Δ = clamp(softplus(δ + dt_bias))
 *   S_t = e^{Δ_t A} S_{t−1} + B_t (Δ_t x_t)ᵀ;   y_t = S_tᵀ C_t + D x_t;   out_proj(norm(y ⊙ silu(z)))
 * </pre>
 */
@NullMarked
package org.attention4j.core.mixer.mamba;

import org.jspecify.annotations.NullMarked;
