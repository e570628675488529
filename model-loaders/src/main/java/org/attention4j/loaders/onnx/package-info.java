/**
 * ONNX graphs as graphs of this library: every node becomes primitives and composites of {@link org.attention4j.core.ir}, so
 * that an exported model runs on every backend, can be inspected, compared and written again.
 *
 * <p>{@link org.attention4j.loaders.onnx.OnnxImport} is the entry. Operators are found by {@link
 * org.attention4j.loaders.onnx.OnnxOperators}, one small class for a group of them, in {@code loaders.onnx.op}. What exporters
 * take apart (attention, norms, activations, rotations) is put together again by the patterns in {@code loaders.onnx.pattern}.
 *
 * <p>Integers that describe shapes are followed symbolically ({@link org.attention4j.loaders.onnx.Imported.Sizes}): {@code
 * Shape → Gather → Concat → Reshape} becomes a reshape to symbolic dims, and no op remains of it.
 */
@NullMarked
package org.attention4j.loaders.onnx;

import org.jspecify.annotations.NullMarked;
