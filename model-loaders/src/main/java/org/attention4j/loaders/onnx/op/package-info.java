/** What single ONNX operators become: one class for each group of them, found as services. */
@NullMarked
package org.attention4j.loaders.onnx.op;

import org.jspecify.annotations.NullMarked;
