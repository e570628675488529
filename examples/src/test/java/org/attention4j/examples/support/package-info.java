/** Writes the tables of what every backend makes of every variant, from the plans of compiled graphs. */
@NullMarked
package org.attention4j.examples.support;

import org.jspecify.annotations.NullMarked;
