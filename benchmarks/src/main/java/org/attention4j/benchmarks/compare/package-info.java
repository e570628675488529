/**
 * Compares programs that run in turns. {@link org.attention4j.benchmarks.compare.Compare} reads a {@code Plan}, lets {@code Rounds}
 * run its commands, and writes a {@code Report}.
 */
@NullMarked
package org.attention4j.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
