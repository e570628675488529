/** Causal convolutions on ONNX Runtime. */
@NullMarked
package org.attention4j.onnx.conv;

import org.jspecify.annotations.NullMarked;
