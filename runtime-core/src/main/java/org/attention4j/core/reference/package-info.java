/**
 * The reference backend: an interpreter that decomposes every composite and computes every primitive in the plainest way,
 * in double precision. It defines what a graph means, and other backends are compared with it.
 *
 * <p>Values of the float dtypes are doubles between ops: {@code F32} is rounded only where a tensor is written, a result or
 * a state that is read. A cast to {@code F16} or {@code BF16} does round, since such a cast says that precision is given up
 * there. Integers wrap at the width of their dtype.
 */
@NullMarked
package org.attention4j.core.reference;

import org.jspecify.annotations.NullMarked;
