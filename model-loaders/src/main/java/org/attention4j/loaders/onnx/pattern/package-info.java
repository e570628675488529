/** Finds in a graph of primitives what exporters took apart, and puts composites in place of it. */
@NullMarked
package org.attention4j.loaders.onnx.pattern;

import org.jspecify.annotations.NullMarked;
