/** Multi-head latent attention in ONNX Runtime: queries meet the cache of latent vectors as it lies, written in place. */
@NullMarked
package org.attention4j.onnx.mla;

import org.jspecify.annotations.NullMarked;
