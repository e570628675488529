package org.attention4j.core.session;

import org.attention4j.core.tensor.Tensor;

/**
 * The largest of the logits for a next token.
 *
 * @param logits {@code F32[n]}, in falling order
 * @param ids {@code I64[n]}: their tokens, of equal logits the lower id first
 */
public record TopLogits(Tensor logits, Tensor ids) {}
