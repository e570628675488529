/**
 * JMH benchmarks of single operators. Whole models are measured by the command {@code attention4j bench}, and beside other programs
 * by {@link org.attention4j.benchmarks.compare.Compare}.
 */
@NullMarked
package org.attention4j.benchmarks;

import org.jspecify.annotations.NullMarked;
