/**
 * An operator of ONNX Runtime that is computed by code generated here: {@code org.attention4j.BlockProduct}, products with packed
 * weights. ONNX Runtime's Java API can't define operators, so this goes through its C API by {@code java.lang.foreign}, in the session
 * that the Java API makes.
 */
@NullMarked
package org.attention4j.onnx.custom;

import org.jspecify.annotations.NullMarked;
