/**
 * Linear attention: attention without a softmax is a recurrence over a matrix S of keys × values, of a size that does not
 * depend on how many tokens came before. One recurrence covers the family; for each head, with q, k ∈ ℝ^K and v ∈ ℝ^V,
 *
 * <pre>
 *   S_t = diag(e^{g_t}) S_{t−1} + b_t (a_tᵀ S_{t−1}) + k_t v_tᵀ        (1)
 *   y_t = scale · S_tᵀ q_t                                               (2)
 *   y_t = scale · (S_{t−1} + diag(u) k_t v_tᵀ)ᵀ q_t                      (2′, reading before the update)
 * </pre>
 *
 * with a log decay g ≤ 0 of each head or of each key entry, or none, and without the second term where there is no a and b.
 *
 * <ul>
 *   <li>Linear attention (Katharopoulos et al. 2020, arXiv:2006.16236, eqs. 16–20): no decay; q and k are features such as
 *       elu(x) + 1; the sum of the k's normalises.
 *   <li>RetNet (arXiv:2307.08621, eq. 6) and Lightning Attention (arXiv:2401.04658): a constant g for each head.
 *   <li>Simple GLA and the SSD of Mamba-2 (arXiv:2405.21060, eq. 2): g for each head and token.
 *   <li>GLA (arXiv:2312.06635, eq. 4) and HGRN2 (arXiv:2404.07904, with k = 1 − e^g): g for each key entry.
 *   <li>DeltaNet (arXiv:2406.06484, eq. 4): a = −β k, b = k, and β k in place of k. Gated DeltaNet (arXiv:2412.06464, eq. 10) and
 *       Kimi Delta Attention (arXiv:2510.26692) decay before they correct: a = −β e^g ⊙ k.
 *   <li>RWKV-5 and 6 (arXiv:2404.05892, eqs. 18–19): (2′). RWKV-7 (arXiv:2503.14456, eq. 17): a and b of its own.
 * </ul>
 *
 * <p><b>Layers.</b> With Q, K, V = W_q x, W_k x, W_v x in heads, each ends in W_o:
 *
 * <pre>
 *   elu + 1    φ(x) = elu(x) + 1 (eq. 7);  y_t = S_tᵀ φ(q_t) / (z_t·φ(q_t) + eps),  S_t = S_{t−1} + φ(k_t) v_tᵀ,  z_t = z_{t−1} + φ(k_t)
 *   Performer  the same with φ of {@link org.attention4j.core.mixer.linearattention.FavorFeatures}
 *   RetNet     g_h = log(1 − 2^{−5−h});  q, k rotated by their position;  silu(W_g x) ⊙ norm_head(y)                 (eqs. 5–8)
 *   GLA        g_t = log σ(W₂ W₁ x_t + b) / 16;  silu(W_g x) ⊙ norm_head(y)                                         (section 4.4)
 *   HGRN2      e^{g_t} = β + (1 − β) σ(W_f x_t),  k_t = 1 − e^{g_t},  q_t = silu(W_q x_t);  norm(y);
 *              β of layer l is Σ_{0&lt;j≤l} softmax_j(Γ), as in HGRN (arXiv:2311.04823)
 *   DeltaNet   q, k, v = silu(conv(W x)), q and k of length 1;  β_t = σ(W_b x_t);  norm_head(y)
 * </pre>
 *
 * {@link org.attention4j.core.mixer.linearattention.KernelAttentionMixer} has the first two, {@link
 * org.attention4j.core.mixer.linearattention.LinearAttentionMixer} the others, by name and with everything between them; there scale
 * = 1/√K. Lightning Attention and Gated DeltaNet are layers of their own, as the models that have them store them.
 *
 * <p><b>Chunks.</b> Let L_t be the sum of g in a chunk up to and including t, and E_t = L_t − g_t. From the state S₀ before the
 * chunk, with u_t = a_tᵀ S_{t−1},
 *
 * <pre>
 *   u_t = (a_t ⊙ e^{E_t})ᵀ S₀ + Σ_{s&lt;t} [a_t, b_s]_t u_s + Σ_{s&lt;t} [a_t, k_s]_t v_s,   [x, y]_t = Σ_d x_d y_d e^{E_t,d − L_s,d}
 *   U  = (I − M)⁻¹ (Ã S₀ + N V)                                        M, N strictly lower triangular
 *   y_t = (q_t ⊙ e^{L_t})ᵀ S₀ + Σ_{s≤t} Σ_d q_t,d e^{L_t,d − L_s,d} (k_s,d v_s + b_s,d u_s)
 *   S_C = diag(e^{L_C}) S₀ + Σ_s (k_s ⊙ e^{L_C − L_s}) v_sᵀ + (b_s ⊙ e^{L_C − L_s}) u_sᵀ
 * </pre>
 *
 * (the WY representation of arXiv:2406.06484, §3.2). No exponent is above 0, so nothing overflows, whatever the decays. All of it
 * is linear in S₀: S_C = F S₀ + H and y = Q S₀ + O, so F, H, Q and O are computed for all chunks at once and the loop is one
 * product.
 */
@NullMarked
package org.attention4j.core.mixer.linearattention;

import org.jspecify.annotations.NullMarked;
