/** Norms as ONNX nodes. */
@NullMarked
package org.attention4j.onnx.norm;

import org.jspecify.annotations.NullMarked;
