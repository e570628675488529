/** Groups of options that several commands have. */
@NullMarked
package org.attention4j.cli.options;

import org.jspecify.annotations.NullMarked;
