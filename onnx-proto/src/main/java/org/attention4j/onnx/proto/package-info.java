/** ONNX messages and their files. */
@NullMarked
package org.attention4j.onnx.proto;

import org.jspecify.annotations.NullMarked;
