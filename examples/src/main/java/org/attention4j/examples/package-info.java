/**
 * Sample programs and the models that they run. A {@link org.attention4j.examples.Sample} is one file that reads from top to bottom;
 * {@code attention4j example --list} tells them all.
 */
@NullMarked
package org.attention4j.examples;

import org.jspecify.annotations.NullMarked;
