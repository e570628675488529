/** JMH benchmarks and the comparison runner. */
@NullMarked
package org.attention4j.benchmarks;

import org.jspecify.annotations.NullMarked;
