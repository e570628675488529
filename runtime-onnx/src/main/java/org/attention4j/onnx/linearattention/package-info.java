/** Linear attention on ONNX Runtime. */
@NullMarked
package org.attention4j.onnx.linearattention;

import org.jspecify.annotations.NullMarked;
