/** Samples of what the library does with any model. */
@NullMarked
package org.attention4j.examples.general;

import org.jspecify.annotations.NullMarked;
