/** Reads model files into graphs and weights, and text into tokens. */
@NullMarked
package org.attention4j.loaders;

import org.jspecify.annotations.NullMarked;
