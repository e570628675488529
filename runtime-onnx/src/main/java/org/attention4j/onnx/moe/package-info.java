/** Mixtures of experts on ONNX Runtime. */
@NullMarked
package org.attention4j.onnx.moe;

import org.jspecify.annotations.NullMarked;
