/**
 * Products with weight matrices, and rows of them, as ONNX nodes.
 *
 * <p>Block-quantised weights keep their values: {@code MatMulNBits} and {@code GatherBlockQuantized} of {@code com.microsoft}
 * read integers in rows, with a scale for each 16 or more of them, so every block of a GGUF file is only cut up and stored again,
 * chunk by chunk. {@link org.attention4j.onnx.linear.BlockLayout} says what the pieces are.
 */
@NullMarked
package org.attention4j.onnx.linear;

import org.jspecify.annotations.NullMarked;
