/**
 * ONNX models as files: a {@code ModelProto} and the side files that hold the bytes of its tensors ("external data" in the
 * ONNX specification, <a href="https://github.com/onnx/onnx/blob/main/docs/ExternalData.md">ExternalData.md</a>).
 *
 * <p>The messages themselves are generated into {@code org.attention4j.onnx.proto}.
 */
@NullMarked
package org.attention4j.onnx.file;

import org.jspecify.annotations.NullMarked;
