/** How far the ways to compute a model are from the reference: a table of differences of logits and of perplexities. */
@NullMarked
package org.attention4j.benchmarks.accuracy;

import org.jspecify.annotations.NullMarked;
