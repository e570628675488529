/**
 * Griffin's recurrent block with the real-gated linear recurrent unit (De et al. 2024, arXiv:2402.19427, eqs. 1–4):
 *
 * <pre>
 *   r_t = σ(W_a u_t + b_a),  i_t = σ(W_x u_t + b_x)            block-diagonal, one block for each head
 *   log a_t = −8 softplus(Λ) ⊙ r_t
 *   h_t = a_t ⊙ h_{t−1} + √(1 − a_t²) ⊙ (i_t ⊙ u_t)            without the root at the first token of a sequence
 *   out(h_t ⊙ act(W_y x_t)),  u = conv(W_u x)
 * </pre>
 */
@NullMarked
package org.attention4j.core.mixer.rglru;

import org.jspecify.annotations.NullMarked;
