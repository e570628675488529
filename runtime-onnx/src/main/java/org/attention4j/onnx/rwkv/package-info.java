/** What RWKV's layers do with the token before, as ONNX nodes. */
@NullMarked
package org.attention4j.onnx.rwkv;

import org.jspecify.annotations.NullMarked;
