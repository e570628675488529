/** The {@code attention4j} command. */
@NullMarked
package org.attention4j.cli;

import org.jspecify.annotations.NullMarked;
