/** Sample programs and the models that they run. */
@NullMarked
package org.attention4j.examples;

import org.jspecify.annotations.NullMarked;
