@NullMarked
package org.attention4j.examples.general;

import org.jspecify.annotations.NullMarked;
