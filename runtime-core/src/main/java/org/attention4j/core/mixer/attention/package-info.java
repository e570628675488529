/**
 * Softmax attention: multi-head (Vaswani et al. 2017, "Attention Is All You Need", eq. 1), multi-query (Shazeer 2019) and
 * grouped-query (Ainslie et al. 2023), with sliding windows, attention sinks and biases.
 *
 * <p>Query head h reads key/value head ⌊h / (numHeads / numKvHeads)⌋. For a query at position i and a key at position j,
 *
 * <pre>
 *   s_ij = scale · q_i · k_j                      scaled scores
 *   s_ij = c · tanh(s_ij / c)                     softcap (Gemma 2), if c &gt; 0
 *   s_ij = s_ij + bias_ij + slope_h · (j − i)     additive bias; ALiBi (Press et al. 2022)
 *   s_ij = −∞ where j is not visible from i       causal, window, chunk, mask
 *   m_i  = max_j s_ij,   l_i = Σ_j exp(s_ij − m_i) + exp(sink_h − m_i)
 *   y_i  = Σ_j exp(s_ij − m_i) · v_j / l_i        0 if nothing is visible
 * </pre>
 *
 * where the learned sink logit (gpt-oss) is there only if the model has one. Key j is visible from query i if
 *
 * <ul>
 *   <li>causal: {@code j ≤ i}, and with a window of w {@code j > i − w} or {@code j < sinkTokens}: w tokens, the query's own
 *       among them;
 *   <li>bidirectional: always, or with a window of w {@code |i − j| ≤ w};
 *   <li>in chunks of c (Llama 4): also {@code ⌊i/c⌋ = ⌊j/c⌋}.
 * </ul>
 *
 * <p>The triple (m, l, Σ exp(s − m)·v) of two disjoint sets of keys merges into that of their union
 * ({@link org.attention4j.core.mixer.attention.PartialAttention}); attention over a cache and over the tokens of this run are
 * computed apart and merged, so nothing is concatenated.
 *
 * <p>With sinks and a window (StreamingLLM, Xiao et al. 2023) a token's rotary position is its place in the cache. Distances
 * inside the window are true ones, so only the query's rotation against the sink tokens differs: it is that of position
 * min(i, sinks + window). Models with rotary embeddings therefore pass a second query, {@code sink_query}, which scores
 * against the sink tokens.
 */
@NullMarked
package org.attention4j.core.mixer.attention;

import org.jspecify.annotations.NullMarked;
