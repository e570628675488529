/** Rotary position embedding as ONNX nodes. */
@NullMarked
package org.attention4j.onnx.rope;

import org.jspecify.annotations.NullMarked;
