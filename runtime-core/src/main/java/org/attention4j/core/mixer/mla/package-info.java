/**
 * Multi-head latent attention (DeepSeek-AI 2024, "DeepSeek-V2", arXiv:2405.04434, section 2.1; the same in DeepSeek-V3,
 * arXiv:2412.19437, section 2.1.1): keys and values of all heads are made of one short vector per token, and only that is kept.
 *
 * <p>For a token's hidden state x at position t, with the names of the weights in files:
 *
 * <pre>{@code
 *   q        = q_proj·x   or   q_b_proj·norm(q_a_proj·x)               eq. 12-13, 37-38; for each head [qC_h | qR_h]
 *   [c | r]  = kv_a_proj_with_mqa·x                                    eq. 9, 15, 41, 43
 *   c        = norm(c)                                                 the latent, of kv_lora_rank entries
 *   qR_h, kR = rope(qR_h, t), rope(r, t)                               eq. 14-15; kR is the same for all heads
 *   kC_h, v_h = UK_h·c, UV_h·c                                         eq. 10-11, 42, 45; UK, UV: the rows of kv_b_proj
 *   s_ij     = scale · ([qC_h | qR_h]_i · [kC_h | kR]_j)               eq. 17
 *   o_h,i    = Σ_j softmax_j(s_ij) · v_h,j       over j <= i            eq. 18
 *   y        = o_proj·[o_1 | … | o_H]                                  eq. 19
 * }</pre>
 *
 * <p>Norms are RMSNorms. The scale is {@code 1/√(nopeDim + ropeDim)}; models whose rotary embedding YaRN stretches s times
 * multiply it by {@code (0.1·mscale_all_dim·ln s + 1)²}, as the authors' code does. Queries, keys and values have different
 * sizes: nopeDim + ropeDim of the first two, valueDim of the last.
 *
 * <p>The state is {@code [c | kR]} of every token. There are two ways from it to y, and they agree up to rounding:
 *
 * <ul>
 *   <li><b>Expanded</b>, as written above: keys and values of all cached tokens are made anew, for ordinary multi-head attention.
 *   <li><b>Absorbed</b> (the paper's end of section 2.1.2): {@code qC_h · UK_h·c_j = (UK_hᵀ·qC_h) · c_j} and
 *       {@code Σ_j p_ij·UV_h·c_j = UV_h·Σ_j p_ij·c_j}. So a query of rank + ropeDim entries meets the cache as it is:
 *       multi-query attention with one key/value head, whose values are the first entries of its keys. Nothing is made of the
 *       cached tokens, and the same UK and UV are used, from their other side.
 * </ul>
 *
 * <p>For T new tokens and S cached ones the ways cost, in products for each head,
 * {@code (S + T)·rank·(nopeDim + valueDim) + T·S·(nopeDim + ropeDim + valueDim)} expanded and
 * {@code T·rank·(nopeDim + valueDim) + T·S·(2·rank + ropeDim)} absorbed: with the sizes of DeepSeek-V2 and V3 (512, 128, 64,
 * 128) absorbed is cheaper for up to 170 new tokens at once, whatever S is.
 */
@NullMarked
package org.attention4j.core.mixer.mla;

import org.jspecify.annotations.NullMarked;
