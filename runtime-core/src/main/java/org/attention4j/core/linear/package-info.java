/**
 * Products with weight matrices.
 *
 * <p>{@link org.attention4j.core.linear.Linear} is {@code y = x·Wᵀ + b} with W stored {@code [out, in]}, as exported models
 * have it. {@link org.attention4j.core.linear.Embedding} takes row {@code ids} of a table: a product with one-hot rows. Both
 * take weights of every float dtype and block-quantised ones, and give F32.
 */
@NullMarked
package org.attention4j.core.linear;

import org.jspecify.annotations.NullMarked;
