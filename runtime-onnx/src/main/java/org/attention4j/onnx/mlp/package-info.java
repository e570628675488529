/** Activations as ONNX nodes. */
@NullMarked
package org.attention4j.onnx.mlp;

import org.jspecify.annotations.NullMarked;
