/**
 * From graphs to ONNX: {@link org.attention4j.onnx.emit.OnnxWriter} collects nodes and weights of a model, primitives are
 * written by {@link org.attention4j.onnx.emit.PrimitiveEmitter}, composites by an
 * {@link org.attention4j.onnx.emit.OnnxLowering} where there is one.
 */
@NullMarked
package org.attention4j.onnx.emit;

import org.jspecify.annotations.NullMarked;
