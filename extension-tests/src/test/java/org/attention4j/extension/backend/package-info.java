/** A backend from outside. */
@NullMarked
package org.attention4j.extension.backend;

import org.jspecify.annotations.NullMarked;
