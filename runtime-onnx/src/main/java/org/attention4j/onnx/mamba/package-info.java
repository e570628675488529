/** Mamba on ONNX Runtime. */
@NullMarked
package org.attention4j.onnx.mamba;

import org.jspecify.annotations.NullMarked;
