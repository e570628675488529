/**
 * Models as other tools expect them in ONNX files: {@code input_ids}, {@code attention_mask} and {@code position_ids} in, logits out,
 * and for each layer what it remembers of the tokens before as an input and an output. Caches of keys and values grow: an output is
 * the input with the new tokens after it.
 */
@NullMarked
package org.attention4j.onnx.export;

import org.jspecify.annotations.NullMarked;
