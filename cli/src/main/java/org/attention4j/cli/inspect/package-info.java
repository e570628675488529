/** What {@code inspect} tells about a model. */
@NullMarked
package org.attention4j.cli.inspect;

import org.jspecify.annotations.NullMarked;
