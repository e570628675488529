/** Models with random weights, written to files for benchmarks: their speed is that of real ones, their text is noise. */
@NullMarked
package org.attention4j.cli.random;

import org.jspecify.annotations.NullMarked;
