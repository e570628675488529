/**
 * Neighbouring ops that compute each row by itself (activations, gates, residuals, norms, mixes of two tokens) as one node of generated
 * code: {@link org.attention4j.x86.RowFunction}.
 */
@NullMarked
package org.attention4j.onnx.rows;

import org.jspecify.annotations.NullMarked;
