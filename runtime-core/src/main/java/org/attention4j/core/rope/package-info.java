/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864, eq. 15 and 34).
 *
 * <p>Pair i of a head's first d = rotaryDim entries is turned by the angle {@code m·θᵢ} at position m, with inverse
 * frequencies {@code θᵢ = theta^(−2i/d)}:
 *
 * <pre>{@code
 * a' = a·cos(m·θᵢ) − b·sin(m·θᵢ)
 * b' = b·cos(m·θᵢ) + a·sin(m·θᵢ)
 * }</pre>
 *
 * so that a product of a query and a key depends on the difference of their positions only. Pair i is entries i and i + d/2
 * ({@link org.attention4j.core.rope.RopeStyle#HALF}) or 2i and 2i + 1 ({@link org.attention4j.core.rope.RopeStyle#INTERLEAVED}).
 *
 * <p>A {@link org.attention4j.core.rope.RopeScaling} changes the θᵢ so that a model trained on short sequences works on
 * longer ones; some also multiply cos and sin by an attention factor. {@link org.attention4j.core.rope.RopeTable} computes
 * cos and sin once for all layers, {@link org.attention4j.core.rope.Rope} applies them.
 */
@NullMarked
package org.attention4j.core.rope;

import org.jspecify.annotations.NullMarked;
