/**
 * Block quantisation: how each {@link org.attention4j.core.tensor.DType} of quantised weights becomes numbers. Layouts are
 * those of the GGUF format (ggml's block structures); one file per family of formats.
 */
@NullMarked
package org.attention4j.core.quant;

import org.jspecify.annotations.NullMarked;
