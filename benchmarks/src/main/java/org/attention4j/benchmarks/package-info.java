/** JMH benchmarks of single operators. Whole models are measured by the command {@code attention4j bench}. */
@NullMarked
package org.attention4j.benchmarks;

import org.jspecify.annotations.NullMarked;
