@NullMarked
package org.attention4j.examples.variant;

import org.jspecify.annotations.NullMarked;
