/**
 * Samples of how tokens can see each other, on embedded models that differ in nothing else. One more is one more file: a {@link
 * org.attention4j.examples.variant.VariantSample} with the model's name.
 */
@NullMarked
package org.attention4j.examples.variant;

import org.jspecify.annotations.NullMarked;
