/**
 * One vector of a text from the vectors of its tokens. With h₁ … hₙ of a text's n tokens, padding left out, each entry of
 *
 * <ul>
 *   <li>{@code MEAN}: {@code Σ hᵢ / n} (Reimers, Gurevych 2019, "Sentence-BERT", arXiv:1908.10084, section 3);
 *   <li>{@code CLS}: {@code h₁}, that of the token {@code [CLS]}; {@code LAST}: {@code hₙ}; {@code MAX}: the largest;
 *   <li>{@code POOLER}: {@code tanh(W·h₁ + b)} (Devlin et al. 2019, "BERT", arXiv:1810.04805, as its code computes it).
 * </ul>
 */
@NullMarked
package org.attention4j.core.pooling;

import org.jspecify.annotations.NullMarked;
