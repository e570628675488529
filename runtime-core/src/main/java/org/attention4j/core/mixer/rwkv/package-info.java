/**
 * RWKV: layers of a time mixing and a channel mixing, which both see each token mixed with the one before it (the token shift),
 *
 * <pre>
 *   x_t ⟶ lerp(x_t, x_{t−1}, μ) = x_t + (x_{t−1} − x_t) ⊙ μ
 * </pre>
 *
 * with one μ for each use. (Checkpoints of RWKV-4 and 5 store 1 − μ.)
 *
 * <p><b>RWKV-4</b> (Peng et al. 2023, arXiv:2305.13048, eqs. 11–16): for each channel, with w = −e^{time_decay}, u = time_first,
 *
 * <pre>
 *   wkv_t = (Σ_{s&lt;t} e^{(t−1−s)w + k_s} v_s + e^{u + k_t} v_t) / (Σ_{s&lt;t} e^{(t−1−s)w + k_s} + e^{u + k_t}),   y = W_o (σ(r) ⊙ wkv)
 * </pre>
 *
 * <p><b>RWKV-5 and 6</b> (Peng et al. 2024, arXiv:2404.05892, eqs. 14–19): a matrix for each head. The decay is a constant in 5; in
 * 6 it, and the μ's, come from the token by products of low rank:
 *
 * <pre>
 *   y_t = (S_{t−1} + diag(u) k_t v_tᵀ)ᵀ r_t,   S_t = diag(e^{g_t}) S_{t−1} + k_t v_tᵀ;   W_o (group_norm(y) ⊙ silu(W_g x))
 *   g_t = −e^{w0 + W₂ tanh(W₁ x)}          (6)
 * </pre>
 *
 * <p><b>RWKV-7</b> (Peng et al. 2025, arXiv:2503.14456, eqs. 3–21): the state is corrected along κ̂, as the delta rule does it,
 *
 * <pre>
 *   S_t = diag(e^{g_t}) S_{t−1} + (a_t ⊙ κ̂_t)(−κ̂_t)ᵀ S_{t−1} + k̃_t v_tᵀ,   y_t = S_tᵀ r_t + (Σ r_t ⊙ ρ ⊙ k̃_t) v_t
 *   g_t = −e^{−½} σ(w0 + W₂ tanh(W₁ x)),  a_t = σ(a0 + A₂ A₁ x),  κ̂ = κ / ‖κ‖ of each head, κ = k ⊙ k_k,  k̃ = k ⊙ (1 + (a − 1) ⊙ k_a)
 *   v_t = v + (v^{(0)} − v) ⊙ σ(v0 + V₂ V₁ x) after layer 0, v^{(0)} being the values of layer 0;   W_o ((group_norm(S_tᵀ r_t) + …) ⊙ G₂ σ(G₁ x))
 * </pre>
 *
 * <p><b>Channel mixing</b>: {@code W_v relu(W_k x_k)²}, times σ(W_r x_r) before RWKV-7.
 *
 * <p>The recurrences of 5, 6 and 7 are cases of {@link org.attention4j.core.mixer.linearattention.LinearRecurrence}.
 */
@NullMarked
package org.attention4j.core.mixer.rwkv;

import org.jspecify.annotations.NullMarked;
