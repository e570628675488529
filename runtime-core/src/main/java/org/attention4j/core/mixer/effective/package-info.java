/**
 * What every token takes from every other, in any sequence mixer.
 *
 * <p>For given queries, keys, decays and gates, the result of a mixer's op is linear in the values,
 *
 * <pre>
 *   y_t = Σ_s A_ts v_s.
 * </pre>
 *
 * In softmax attention A is the softmax of the scores. A recurrence has such a matrix too, though nobody computes it: for a state
 * {@code S_t = F_t S_{t−1} + k_t v_tᵀ} and {@code y_t = S_tᵀ q_t} it is {@code A_ts = q_tᵀ F_t ⋯ F_{s+1} k_s} (Ali, Zimerman, Wolf
 * 2024, "The Hidden Attention of Mamba Models", arXiv:2403.01590, eq. 11, for Mamba; Dao, Gu 2024, arXiv:2405.21060, section 3,
 * as a semiseparable matrix).
 *
 * <p>Nothing here knows these formulas. Ops say where their values are ({@link org.attention4j.core.mixer.ValueMixing}); a model runs
 * on any backend, and what its ops are given is kept; then the reference backend computes each op with unit vectors in place of its
 * values, which gives the columns of A. The real values are multiplied by A and compared with what the op gave in the model, so
 * that a wrong claim of linearity is found.
 */
@NullMarked
package org.attention4j.core.mixer.effective;

import org.jspecify.annotations.NullMarked;
