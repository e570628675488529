/** Element types and dense, row-major tensors over {@link java.lang.foreign.MemorySegment}. */
@NullMarked
package org.attention4j.core.tensor;

import org.jspecify.annotations.NullMarked;
