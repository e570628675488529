/** Attention in ONNX Runtime: its own operator where that fits, else grouped products over a cache written in place. */
@NullMarked
package org.attention4j.onnx.attention;

import org.jspecify.annotations.NullMarked;
