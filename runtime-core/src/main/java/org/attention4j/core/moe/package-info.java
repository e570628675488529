/**
 * Sparse mixtures of experts: of many MLPs, each token goes through a few (Shazeer et al. 2017, arXiv:1701.06538).
 *
 * <p>A router gives E logits for each token, {@code r = W·x + b}; {@link org.attention4j.core.moe.Routing} makes of them k experts
 * and their weights, {@link org.attention4j.core.moe.Experts} computes these experts and no others, and
 * {@link org.attention4j.core.moe.Moe} is the whole, with experts that every token goes through:
 *
 * <pre>
 *   s_i = softmax(r)_i  or  σ(r_i)  or  r_i                    scores
 *   c_i = s_i + bias_i                                         for choosing only (DeepSeek-V3, if there is a bias)
 *   c_i = −∞ outside the groups chosen                         if the experts are in groups
 *   e_1 … e_k = the k largest of c
 *   w_j = s_(e_j)                                              softmax(r): DeepSeek-V2, Qwen2-MoE, Jamba; σ(r): DeepSeek-V3
 *   w_j = exp(r_(e_j)) / Σ_l exp(r_(e_l))                      softmax of the chosen logits: gpt-oss
 *   w_j = w_j / (Σ_l w_l + 1e-20)                              if normalised: Mixtral, Qwen3-MoE, DeepSeek-V3
 *   w_j = scale · w_j                                          DeepSeek's routed_scaling_factor
 *   y   = Σ_j w_j · f_(e_j)(x) + g · shared(x)                 g = 1 (DeepSeek) or σ(v·x) (Qwen2-MoE)
 *   f_e(x) = down_e·gating(gate_e·x + b, up_e·x + b) + b       gating(a, u) = act(a) ⊙ u, or another one
 * </pre>
 *
 * <p>The softmax of the chosen logits is the normalised softmax of all (Mixtral, Jiang et al. 2024, arXiv:2401.04088, eq. 2).
 * Groups are runs of E/G consecutive experts; those with the largest scores are chosen: the largest c of the group
 * (DeepSeek-V2, arXiv:2405.04434, section 2.2.2) or the sum of its two largest (DeepSeek-V3, arXiv:2412.19437, section 2.1.2 and
 * its published code). gpt-oss (OpenAI 2025, its published code) clamps and shifts:
 * {@code gating(a, u) = (û + 1) ⊙ â ⊙ σ(1.702·â)} with {@code â = min(a, 7)} and {@code û = max(−7, min(u, 7))}.
 */
@NullMarked
package org.attention4j.core.moe;

import org.jspecify.annotations.NullMarked;
