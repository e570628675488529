/** Compares what two backends make of the same model, value by value: the first tool to reach for when a number is wrong. */
@NullMarked
package org.attention4j.cli.diff;

import org.jspecify.annotations.NullMarked;
