/**
 * The feed-forward half of a layer, and its activations.
 *
 * <ul>
 *   <li>{@link org.attention4j.core.mlp.Mlp}: {@code down·act(up·x)} (Vaswani et al. 2017, arXiv:1706.03762, eq. 2).
 *   <li>{@link org.attention4j.core.mlp.GatedMlp}: {@code down·(act(gate·x) ⊙ up·x)} (Shazeer 2020, arXiv:2002.05202, eq. 6):
 *       SwiGLU with {@code SILU}, GeGLU with {@code GELU} or {@code GELU_TANH}, ReGLU with {@code RELU}.
 *   <li>{@link org.attention4j.core.mlp.Activate}: one {@link org.attention4j.core.mlp.Activation}, elementwise.
 * </ul>
 */
@NullMarked
package org.attention4j.core.mlp;

import org.jspecify.annotations.NullMarked;
