/** The backend that lowers graphs to ONNX and runs them in ONNX Runtime. */
@NullMarked
package org.attention4j.onnx;

import org.jspecify.annotations.NullMarked;
