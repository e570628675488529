/**
 * Generation: from logits to a token ({@link org.attention4j.core.generate.Sampler}), from a prompt to tokens ({@link
 * org.attention4j.core.generate.TokenStream}) and from a prompt to text ({@link org.attention4j.core.generate.TextStream}).
 * Streams compute on the thread that reads them and only when it asks for more; what a step allocates does not grow with the
 * context or the vocabulary.
 */
@NullMarked
package org.attention4j.core.generate;

import org.jspecify.annotations.NullMarked;
