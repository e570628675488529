/**
 * The graph: what a model computes, independent of who computes it.
 *
 * <p>A {@link org.attention4j.core.ir.Graph} is an immutable list of {@link org.attention4j.core.ir.Op}s in topological
 * order, built by {@link org.attention4j.core.ir.GraphBuilder}, checked by {@link org.attention4j.core.ir.GraphVerifier}
 * and printed by {@link org.attention4j.core.ir.GraphPrinter}. {@link org.attention4j.core.ir.PrimitiveOp}s are closed and
 * every backend implements them all; {@link org.attention4j.core.ir.CompositeOp}s are open and mean what their
 * decomposition into primitives computes; {@link org.attention4j.core.ir.Scan} is the one loop.
 */
@NullMarked
package org.attention4j.core.ir;

import org.jspecify.annotations.NullMarked;
